import { fstatSync } from "node:fs";
import { deliver } from "../deliver.ts";
import { requireEntry } from "./session.ts";
import type { SecretsContext } from "./session.ts";
import { requireTrust } from "../trusting.ts";
import { isWatched } from "../../host/terminal.ts";
import { VERSION } from "../../host/version.ts";
import { KnownError, UsageError } from "../../model/errors.ts";
import { ExitCode } from "../../model/exit-code.ts";
import type { Secret } from "../../model/secret.ts";
import { escapeJson, escapeText } from "../../report/escape.ts";
import { readSecrets } from "../../vault/open.ts";
import { findProject } from "../../vault/project.ts";
import { bytesOf, isText } from "../../vault/value-bytes.ts";

/** `secrets ls`: the names, and where their values are. Opens no store. */
export async function list({ values, host }: SecretsContext): Promise<ExitCode> {
  const { manifest } = await requireTrust(host, await findProject(host));
  const secrets = Object.entries(manifest.secrets).toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (values.format === "json") {
    const rows = secrets.map(([name, entry]) => ({
      name,
      from: entry.from,
      about: entry.about ?? null,
      provider: entry.provider ?? null,
      profiles: entry.profiles ?? [],
      as: entry.as ?? [],
    }));
    const document = { schema: 1, tool: { name: "stowaway", version: VERSION }, secrets: rows };
    await deliver(`${escapeJson(JSON.stringify(document, null, 2))}\n`, values, host);
    return ExitCode.clean;
  }
  const width = Math.max(0, ...secrets.map(([name]) => name.length));
  const lines = secrets.map(([name, { from, about, profiles = [] }]) => {
    const places = [from.join(", "), ...(profiles.length === 0 ? [] : [`profiles: ${profiles.join(", ")}`])];
    return escapeText([name.padEnd(width), ...places, ...(about === undefined ? [] : [about])].join("  "));
  });
  await deliver(lines.map((line) => `${line}\n`).join(""), values, host);
  if (lines.length === 0) host.stderr.write("No secret is stowed yet.\n");
  return ExitCode.clean;
}

/** `secrets get NAME`: the value's own bytes, with a line end on a terminal only. */
export async function get({ values, host, positionals }: SecretsContext): Promise<ExitCode> {
  const [name = "", ...rest] = positionals;
  if (name === "" || rest.length > 0)
    throw new UsageError("wrong-arguments", "secrets get takes one name", {
      hint: "stowaway secrets get NAME | …",
    });
  if (values.output !== undefined)
    throw new UsageError("wrong-arguments", "secrets get writes to standard output, not to --output", {
      hint: `For a file: stowaway secrets get ${name} --reveal > FILE`,
    });
  const onScreen = host.stdout.isTTY;
  const inFile = !onScreen && fstatSync(1).isFile();
  if (!values.reveal && (onScreen || inFile))
    throw new UsageError(
      "would-show",
      `a value is printed to a pipe only, and this is a ${onScreen ? "terminal" : "file"}`,
      {
        hint: "Add --reveal if that is what you want.",
      },
    );
  const project = await requireTrust(host, await findProject(host));
  await requireEntry(project.manifest, name);
  const profile = values.profile ?? null;
  const found = await readSecrets(project, [name], { profile, attended: isWatched(host) });
  const value = found.get(name);
  if (value === undefined)
    throw new KnownError(ExitCode.findings, "no-value", `there is no value for ${name} on this machine`, {
      hint: `Store it with stowaway secrets set ${name}`,
    });
  host.stdout.write(values.format === "json" ? asJson(name, value) : asBytes(value, onScreen));
  return ExitCode.clean;
}

function asBytes(value: Secret, onScreen: boolean): Buffer {
  return Buffer.concat([bytesOf(value) ?? Buffer.alloc(0), Buffer.from(onScreen ? "\n" : "")]);
}

function asJson(name: string, value: Secret): string {
  const bytes = bytesOf(value) ?? Buffer.alloc(0);
  // What is no text has no form in JSON.
  const secret = isText(value)
    ? { name, value: bytes.toString() }
    : { name, base64: bytes.toString("base64") };
  return `${escapeJson(JSON.stringify({ schema: 1, tool: { name: "stowaway", version: VERSION }, secret }, null, 2))}\n`;
}
