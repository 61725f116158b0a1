import { inForms, plain } from "./example.ts";
import type { RuleExamples } from "./example.ts";

export const AZURE_EXAMPLES: ReadonlyMap<string, RuleExamples> = new Map<string, RuleExamples>([
  [
    "azure-storage-key",
    {
      match: (g) => {
        const secret = `${g.base64(86)}==`;
        return [
          {
            text: `DefaultEndpointsProtocol=https;AccountName=ada;AccountKey=${secret};EndpointSuffix=core.windows.net\n`,
            secret,
          },
          ...inForms("AZURE_STORAGE_KEY", secret).slice(0, 5),
        ];
      },
      ignore: (g) => [
        ...plain("AccountKey", [`${g.base64(85)}==`, `${"x".repeat(86)}==`]),
        { text: `integrity: "sha512-${g.base64(86)}=="` },
      ],
    },
  ],
  [
    "azure-entra-client-secret",
    {
      match: (g) => inForms("AZURE_CLIENT_SECRET", `${g.alnum(3)}8Q~${g.of("base64url", 33)}a`),
      ignore: (g) =>
        plain("AZURE_CLIENT_SECRET", [`${g.alnum(3)}8Q~${g.alnum(30)}`, `${g.alnum(3)}8Q~${"x".repeat(34)}`]),
    },
  ],
  [
    "azure-shared-access-signature",
    {
      match: (g) => {
        const secret = `${g.alnum(43)}%3D`;
        return [
          {
            text: `https://ada.blob.core.windows.net/c?sv=2024-11-04&ss=b&srt=sco&sp=rl&se=2031-01-01T00:00:00Z&sig=${secret}\n`,
            secret,
          },
        ];
      },
      ignore: (g) => [
        { text: `https://ada.blob.core.windows.net/c?sv=2024-11-04&se=2031&sig=${"x".repeat(44)}\n` },
        { text: `sig=${g.alnum(43)}\n` },
      ],
    },
  ],
]);
