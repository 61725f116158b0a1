import type { Rule } from "../model/rule.ts";
import { caseless, literalsOf } from "./caseless.ts";
import { looksInvented } from "./suppress.ts";

const base = { provider: "azure", effort: "low" } as const;
const STORAGE = "https://learn.microsoft.com/azure/storage/common/storage-account-keys-manage";

const NAMES = [
  "account_key",
  "storage_key",
  "storage_access_key",
  "azure_key",
  "azure_storage_account_key",
  "azure_storage_key",
];

/** Azure keys that are known by where they stand or by a mark in their middle. */
export const AZURE: readonly Rule[] = [
  {
    ...base,
    id: "azure-storage-key",
    title: "Azure storage account key",
    severity: "critical",
    confidence: "high",
    description:
      "One of the two keys of a storage account: full access to all its blobs, files, queues and tables. Recognised as 86 base64 characters and == after AccountKey or a like name.",
    sources: [STORAGE],
    keywords: [...new Set(NAMES.flatMap(literalsOf))],
    pattern: `(?:${NAMES.map(caseless).join("|")})[0-9A-Za-z_.-]{0,24}["'\`\\])]{0,3}[ \\t]{0,8}(?:=>|:=|=|:|,)[ \\t]{0,8}["'\`]{0,1}([0-9A-Za-z+/]{86}==)`,
    secretGroup: 1,
    reach: [32, 240],
    publicPrefix: 0,
    minEntropy: 4,
    // The emulator's key is the same on every machine and documented.
    accepts: (secret) => !looksInvented(secret) && !secret.startsWith("Eby8vdM02xNO"),
    remedy: {
      envName: "AZURE_STORAGE_KEY",
      revokeUrl: "https://portal.azure.com",
      advice: [
        "Move the program to the second key, then regenerate the first; prefer a managed identity, which has no key.",
      ],
    },
  },
  {
    ...base,
    id: "azure-entra-client-secret",
    title: "Microsoft Entra client secret",
    severity: "critical",
    confidence: "high",
    description:
      "The secret of an app registration: with the app's and tenant's ids it acts as the application. Recognised by the mark Q~ at its fourth place.",
    sources: ["https://learn.microsoft.com/purview/sit-defn-client-secret-api-key"],
    keywords: ["0q~", "1q~", "2q~", "3q~", "4q~", "5q~", "6q~", "7q~", "8q~", "9q~"],
    pattern: "[0-9A-Za-z_.~-]{3}[0-9]Q~[0-9A-Za-z_.~-]{31,36}",
    secretGroup: 0,
    reach: [16, 64],
    publicPrefix: 0,
    minEntropy: 3.5,
    accepts: (secret) => secret.length >= 37 && secret.length <= 40 && !looksInvented(secret),
    remedy: {
      envName: "AZURE_CLIENT_SECRET",
      revokeUrl: "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade",
      advice: [
        "Add a second secret, deploy it, delete the old one; prefer a managed or federated identity, which has no secret.",
      ],
    },
  },
  {
    ...base,
    id: "azure-shared-access-signature",
    title: "Azure shared access signature",
    severity: "high",
    confidence: "medium",
    description:
      "A signed address: whoever has it reads or writes what it names until it expires. Recognised by its sig parameter beside the other parameters of such an address.",
    sources: ["https://learn.microsoft.com/azure/storage/common/storage-sas-overview"],
    keywords: ["sig="],
    pattern:
      "(?:s[vprte]|spr|srt|ss|se|skn)=[0-9A-Za-z%:.-]{1,64}&(?:amp;)?(?:[a-z]{2,6}=[0-9A-Za-z%:./-]{0,64}&(?:amp;)?){0,10}sig=([0-9A-Za-z%+/]{40,80}(?:%3[dD]|=)?)",
    secretGroup: 1,
    reach: [700, 120],
    publicPrefix: 0,
    minEntropy: 3.8,
    accepts: (secret) => !looksInvented(secret),
    remedy: {
      envName: "AZURE_SAS_TOKEN",
      revokeUrl: "https://portal.azure.com",
      advice: [
        "Regenerate the account key that signed it; sign with a user delegation key and a short life instead.",
      ],
    },
  },
];
