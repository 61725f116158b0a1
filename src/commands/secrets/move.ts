import { reportChange, settle } from "./report.ts";
import {
  changing,
  chooseOrigin,
  keepIn,
  openSecrets,
  requireEntry,
  valuesOf,
  writeManifest,
} from "./session.ts";
import type { SecretsContext, SecretsSession } from "./session.ts";
import { addToManifest, dropFromManifest, newProjectId } from "../../config/manifest.ts";
import { isName } from "../../config/names.ts";
import { KnownError, UsageError } from "../../model/errors.ts";
import { ExitCode } from "../../model/exit-code.ts";
import type { ManifestSecret } from "../../model/manifest.ts";
import type { Secret } from "../../model/secret.ts";
import { checkProfile } from "../../vault/open-store.ts";

type Entries = ReadonlyMap<string, ManifestSecret>;

/** `secrets rm NAME…`: removes values, and the names; with `--profile` that profile's values alone. */
export async function remove(context: SecretsContext): Promise<ExitCode> {
  const { values, positionals: names } = context;
  if (names.length === 0) throw wrongArguments("secrets rm takes names", "stowaway secrets rm NAME…");
  const profile = checkProfile(values.profile);
  const session = await openSecrets(context, newProjectId());
  const entries = await entriesOf(session, names);
  for (const [name, { profiles = [] }] of entries)
    if (profile !== null && !profiles.includes(profile))
      throw new UsageError("unknown-profile", `${name} has no value of this profile`, {
        hint: "See stowaway secrets ls.",
      });
  const end = await settle(context, `Remove ${names.join(", ")}? The values are gone then.`);
  if (end === null)
    await changing(
      session,
      async (current) => await removeAll(current, await entriesOf(current, names), profile),
    );
  const what = profile === null ? "" : ` of the profile ${profile}`;
  const option = profile === null ? "" : ` --profile ${profile}`;
  return await reportChange(
    context,
    { status: end ?? "done", names, done: `Done: ${names.join(", ")}${what} removed.` },
    `stowaway secrets rm ${names.join(" ")}${option}`,
  );
}

async function removeAll(session: SecretsSession, entries: Entries, profile: string | null): Promise<void> {
  for (const [name, { from, profiles = [] }] of entries)
    for (const each of profile === null ? [null, ...profiles] : [profile])
      for (const origin of from) await session.storeOf(origin, each).remove([name]);
  const text = session.project.manifestText ?? "";
  if (profile === null) await writeManifest(session, dropFromManifest(text, [...entries.keys()]));
  else await writeManifest(session, addToManifest(text, withoutProfile(entries, profile)));
}

function withoutProfile(entries: Entries, profile: string): Readonly<Record<string, ManifestSecret>> {
  return Object.fromEntries(
    [...entries].map(([name, { from, profiles = [] }]) => {
      const rest = profiles.filter((each) => each !== profile);
      return [name, { from, profiles: rest.length === 0 ? undefined : rest }];
    }),
  );
}

/** `secrets mv NAME… --to STORE`: every profile's values too. The old place loses them once the new one has them. */
export async function move(context: SecretsContext): Promise<ExitCode> {
  const { values, positionals: names } = context;
  if (names.length === 0 || values.to === undefined)
    throw wrongArguments("secrets mv takes names and --to", "stowaway secrets mv NAME… --to keychain|dotenv");
  const session = await openSecrets(context, newProjectId());
  const origin = chooseOrigin(session, values.to, undefined);
  const moving = elsewhere(await entriesOf(session, names), origin);
  const command = `stowaway secrets mv ${names.join(" ")} --to ${values.to}`;
  if (moving.size === 0)
    return await reportChange(context, { status: "nothing-to-do", names, done: "" }, command);
  const { label } = session.storeOf(origin, null);
  const end = await settle(context, `Move ${[...moving.keys()].join(", ")} to ${label}?`);
  const notes =
    end === null
      ? await changing(
          session,
          async (current) => await moveAll(current, await entriesOf(current, names), origin),
        )
      : [];
  const done = `Done: ${[...moving.keys()].join(", ")} moved to ${label}.`;
  return await reportChange(context, { status: end ?? "done", names, done, notes }, command);
}

/** Those that are somewhere else, or there too. */
function elsewhere(entries: Entries, origin: string): Entries {
  return new Map([...entries].filter(([, { from }]) => from.length > 1 || from[0] !== origin));
}

async function moveAll(
  session: SecretsSession,
  entries: Entries,
  origin: string,
): Promise<readonly string[]> {
  const moving = elsewhere(entries, origin);
  const notes = new Set<string>();
  for (const [name, entry] of moving)
    for (const note of await transfer(session, await requireValues(session, name, entry), name, origin))
      notes.add(note);
  const changes = Object.fromEntries([...moving.keys()].map((name) => [name, { from: [origin] }]));
  await writeManifest(session, addToManifest(session.project.manifestText, changes));
  for (const [name, entry] of moving)
    await drop(session, name, { ...entry, from: entry.from.filter((other) => other !== origin) });
  return [...notes];
}

/** `secrets rename OLD NEW`: in the store that has it; code that reads OLD is the user's to change. */
export async function rename(context: SecretsContext): Promise<ExitCode> {
  const [old = "", name = "", ...rest] = context.positionals;
  if (name === "" || rest.length > 0)
    throw wrongArguments("secrets rename takes two names", "stowaway secrets rename OLD NEW");
  if (!isName(name))
    throw wrongArguments(
      "a name has at most 128 letters, digits and _, and no digit first",
      "It becomes an environment variable: STRIPE_SECRET_KEY, say.",
    );
  const session = await openSecrets(context, newProjectId());
  await requireRenaming(session, old, name);
  const end = await settle(context, `Rename ${old} to ${name}?`);
  const notes =
    end === null ? await changing(session, async (current) => await renameOne(current, old, name)) : [];
  const done = `Done: ${old} is now ${name}.`;
  return await reportChange(
    context,
    { status: end ?? "done", names: [old, name], done, notes },
    `stowaway secrets rename ${old} ${name}`,
  );
}

async function requireRenaming(
  { project }: SecretsSession,
  old: string,
  name: string,
): Promise<ManifestSecret> {
  const entry = await requireEntry(project.manifest, old);
  if (project.manifest?.secrets[name] === undefined) return entry;
  throw new KnownError(ExitCode.findings, "name-taken", `${name} is the name of another secret`, {
    hint: "Choose another name, or remove that one first.",
  });
}

async function renameOne(session: SecretsSession, old: string, name: string): Promise<readonly string[]> {
  const entry = await requireRenaming(session, old, name);
  const values = await requireValues(session, old, entry);
  const notes = await transfer(session, values, name, entry.from[0] ?? "keychain");
  const text = dropFromManifest(session.project.manifestText ?? "", [old]);
  await writeManifest(session, addToManifest(text, { [name]: entry }));
  await drop(session, old, entry);
  return [...notes, `Code that reads ${old} has to read ${name} now.`];
}

async function entriesOf(session: SecretsSession, names: readonly string[]): Promise<Entries> {
  const entries = new Map<string, ManifestSecret>();
  for (const name of names) entries.set(name, await requireEntry(session.project.manifest, name));
  return entries;
}

/** Nothing is moved of which no value is on this machine: a colleague may have it. */
async function requireValues(
  session: SecretsSession,
  name: string,
  entry: ManifestSecret,
): Promise<ReadonlyMap<string | null, Secret>> {
  const values = await valuesOf(session, name, entry);
  if (values.size > 0) return values;
  throw new KnownError(ExitCode.findings, "no-value", `there is no value for ${name} on this machine`, {
    hint: `Store it with stowaway secrets set ${name}`,
  });
}

/**
 * Puts the values, by profile, where they are to be; the old ones stay.
 *
 * @returns sentences for the user
 */
async function transfer(
  session: SecretsSession,
  values: ReadonlyMap<string | null, Secret>,
  name: string,
  origin: string,
): Promise<readonly string[]> {
  const notes: string[] = [];
  for (const [profile, value] of values) {
    const store = session.storeOf(origin, profile);
    notes.push(...(await keepIn(session, store, [{ name, value }], false)));
  }
  return notes;
}

async function drop(
  session: SecretsSession,
  name: string,
  { from, profiles = [] }: ManifestSecret,
): Promise<void> {
  for (const profile of [null, ...profiles])
    for (const origin of from) await session.storeOf(origin, profile).remove([name]);
}

function wrongArguments(message: string, hint: string): UsageError {
  return new UsageError("wrong-arguments", message, { hint });
}
