import { reportChange, settle } from "./report.ts";
import type { Status } from "./report.ts";
import { changing, chooseOrigin, keepIn, openSecrets, writeManifest } from "./session.ts";
import type { SecretsContext, SecretsSession } from "./session.ts";
import { addToManifest, newProjectId } from "../../config/manifest.ts";
import { isName } from "../../config/names.ts";
import { KnownError, UsageError } from "../../model/errors.ts";
import { ExitCode } from "../../model/exit-code.ts";
import { isUnsafeName, MANIFEST_FILE } from "../../model/manifest.ts";
import type { ManifestSecret } from "../../model/manifest.ts";
import type { Secret } from "../../model/secret.ts";
import { checkProfile } from "../../vault/open-store.ts";
import { nameTaken } from "../../vault/name-taken.ts";
import type { SecretStore } from "../../vault/store.ts";
import { bind } from "../../vault/trust.ts";
import { fitsVariable, secretOf } from "../../vault/value-bytes.ts";

/** More is no secret, and is not read to its end. */
const LARGEST_INPUT = 1024 ** 2;

/** `secrets set NAME`: takes a value in from standard input, or from a hidden prompt. */
export async function set(context: SecretsContext): Promise<ExitCode> {
  const { values, positionals } = context;
  const [name = "", ...rest] = positionals;
  if (name === "" || rest.length > 0)
    throw new UsageError("wrong-arguments", "secrets set takes one name, and the value from standard input", {
      hint: "On a terminal it asks for the value; else: … | stowaway secrets set NAME",
    });
  if (!isName(name))
    throw new UsageError("invalid-name", "a name has at most 128 letters, digits and _, and no digit first", {
      hint: "It becomes an environment variable: STRIPE_SECRET_KEY, say.",
    });
  const profile = checkProfile(values.profile);
  const session = await openSecrets(context, newProjectId());
  const entry = session.project.manifest?.secrets[name];
  const origin = chooseOrigin(session, values.to, entry);
  const store = session.storeOf(origin, profile);
  const before = await present(session, name, profile, new Set([origin, ...(entry?.from ?? [])]));
  const value = await readValue(context, name);
  const option = profile === null ? "" : ` --profile ${profile}`;
  const command = `stowaway secrets set ${name}${option} --to ${store.kind}`;
  const end = await settleSet(context, { name, value, before, store });
  if (end !== null) return await reportChange(context, { status: end, names: [name], done: "" }, command);
  const notes = await changing(
    session,
    async (current) => await keep(current, { name, value, origin, profile, replaces: before !== undefined }),
  );
  const done = `Done: ${name} is in ${store.label}.`;
  return await reportChange(context, { status: "done", names: [name], done, notes }, command);
}

interface Kept {
  readonly name: string;
  readonly value: Secret;
  readonly origin: string;
  readonly profile: string | null;
  /** Whether the user wants what is there overwritten. */
  readonly replaces: boolean;
}

/** Stores the value, and lists its name. @returns sentences for the user */
async function keep(
  session: SecretsSession,
  { name, value, origin, profile, replaces }: Kept,
): Promise<readonly string[]> {
  const { project, projectId, context } = session;
  const store = session.storeOf(origin, profile);
  const entry = entryWith(project.manifest?.secrets[name], origin, profile, context.values.about);
  const text = addToManifest(project.manifestText, { [name]: entry }, projectId);
  if (!project.bound) await bind({ ...project, projectId });
  const notes = [...(await keepIn(session, store, [{ name, value }], replaces))];
  if (text !== project.manifestText) {
    await writeManifest(session, text);
    notes.push(`${MANIFEST_FILE} lists the name; commit it.`);
  }
  if (isUnsafeName(name))
    notes.push(`run sets ${name} only when --only names it, for it decides what programs do.`);
  if (!fitsVariable(value))
    notes.push(
      `${name} is no text, so no variable can hold it and run refuses it: take its bytes from stowaway secrets get ${name} | …`,
    );
  return notes;
}

interface Asked {
  readonly name: string;
  readonly value: Secret;
  readonly before: Secret | undefined;
  readonly store: SecretStore;
}

/** Another value is overwritten where the user says so; without anybody to ask, that is an error. */
async function settleSet(
  context: SecretsContext,
  { name, value, before, store }: Asked,
): Promise<Status | null> {
  if (before === undefined || before.equals(value)) return context.values["dry-run"] ? "planned" : null;
  const end = await settle(context, `${name} has another value. Overwrite it?`);
  if (end !== "not-asked") return end;
  const { exitCode, code, message } = nameTaken(name, store.label);
  throw new KnownError(exitCode, code, message, {
    hint: "Add --yes to overwrite it, or choose another name.",
  });
}

/** The value that is there; places that cannot be asked hold none that would be overwritten. */
async function present(
  session: SecretsSession,
  name: string,
  profile: string | null,
  origins: ReadonlySet<string>,
): Promise<Secret | undefined> {
  const [target, ...others] = origins;
  const first =
    target === undefined ? undefined : (await session.storeOf(target, profile).get([name])).get(name);
  if (first !== undefined) return first;
  for (const origin of others) {
    const found = await session
      .storeOf(origin, profile)
      .get([name])
      .catch(() => new Map<string, Secret>());
    const value = found.get(name);
    if (value !== undefined) return value;
  }
  return undefined;
}

function entryWith(
  entry: ManifestSecret | undefined,
  origin: string,
  profile: string | null,
  about: string | undefined,
): ManifestSecret {
  const profiles =
    profile === null ? entry?.profiles : [...new Set([...(entry?.profiles ?? []), profile])].toSorted();
  const from = [origin, ...(entry?.from ?? []).filter((other) => other !== origin)];
  return { from, ...(about !== undefined && { about }), ...(profiles !== undefined && { profiles }) };
}

/** One line end at the end is the shell's, not the value's. */
async function readValue({ host }: SecretsContext, name: string): Promise<Secret> {
  if (host.stdin.isTTY) {
    const { askSecret, canAsk } = await import("../../host/prompt.ts");
    const answer = canAsk(host) ? await askSecret(`Value of ${name}`) : null;
    if (answer === null)
      throw new KnownError(ExitCode.findings, "no-value", "no value was given; nothing was changed");
    return answer;
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of host.stdin) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > LARGEST_INPUT)
      throw new UsageError("value-too-large", "standard input holds more than a secret", {
        hint: "Keep it in a file that git ignores, and stow its path.",
      });
  }
  const bytes = Buffer.concat(chunks);
  const end = bytes.at(-1) === 0x0a ? (bytes.at(-2) === 0x0d ? 2 : 1) : 0;
  const value = bytes.subarray(0, bytes.length - end);
  if (value.length === 0)
    throw new UsageError("no-value", "standard input holds no value", {
      hint: "On a terminal, stowaway secrets set NAME asks for it.",
    });
  return secretOf(value);
}
