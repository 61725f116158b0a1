import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { findToStow } from "./find.ts";
import type { FoundToStow } from "./find.ts";
import type { StowSession } from "./session.ts";
import { lineShower } from "./show-lines.ts";
import type { ScanValues } from "../scanning.ts";
import { addToManifest } from "../../config/manifest.ts";
import { parseDotenv } from "../../formats/dotenv.ts";
import { appendDotenv } from "../../formats/dotenv-edit.ts";
import { KnownError } from "../../model/errors.ts";
import { MANIFEST_FILE } from "../../model/manifest.ts";
import type { Secret } from "../../model/secret.ts";
import { exposureNotes } from "../../remedy/exposure-notes.ts";
import type { FoundFile } from "../../remedy/found-file.ts";
import { ignoreRule } from "../../remedy/ignore-rule.ts";
import { keepFileOut } from "../../remedy/keep-file-out.ts";
import { packOut } from "../../remedy/pack-out.ts";
import type { PlainChange } from "../../remedy/plain-change.ts";
import { planStow } from "../../remedy/plan.ts";
import type { Plan, PlanRequest } from "../../remedy/plan.ts";
import type { WorkRepository } from "../../remedy/repository.ts";
import { readSides } from "../../remedy/sides.ts";
import { isInProject, ownPackage } from "../../setup/own-package.ts";
import { inHistory } from "../../vault/git-facts.ts";
import { readSecrets } from "../../vault/open.ts";
import type { SecretStore } from "../../vault/store.ts";

/** Largest file that an editor may look at besides the one it edits. */
const READ_BYTES = 1024 ** 2;
const EXAMPLE = ".env.example";
/** Each round takes names out of the choice; with as many in the way, the store itself says so in the end. */
const ROUNDS = 20;

/** Finds what is asked for, and plans its move into a store. */
export async function makePlan(
  session: StowSession,
  store: SecretStore,
  { ids, name, values }: { ids: readonly string[]; name: string | null; values: ScanValues },
): Promise<{ plan: Plan; found: FoundToStow }> {
  const { host, repo, project, projectId } = session;
  const found = await findToStow(host, repo, ids, values);
  const files = found.files.map((file) => ({ ...file, home: staysHome(repo, file, store) }));
  const read = (file: string): string | null => readSmall(path.join(repo.top, file));
  const { known, reserved } = await knownValues(session);
  const outOfPackages = found.published.map((file) => packOut(file, read));
  const request: PlanRequest = {
    files,
    store,
    known,
    reserved,
    projectId,
    present: project.manifest?.secrets ?? {},
    name,
    project: { top: repo.top, read, helper: helper() },
    show: lineShower(),
    plainSides: bothForms(repo),
    keepOut: (untracked) => [
      ...untracked.map((file) => ignoreRule(repo.place, file)),
      ...outOfPackages.flatMap(({ changes }) => changes),
    ],
    storeChanges: storeChanges(repo, store, read),
    addToManifest: (entries) => ({
      path: MANIFEST_FILE,
      change: (text) => addToManifest(text, entries, projectId),
      says: `${MANIFEST_FILE} lists the names`,
    }),
    addToExample:
      read(EXAMPLE) === null
        ? null
        : (entries) => ({
            path: EXAMPLE,
            change: (text) => exampleWith(text, Object.keys(entries)),
            bytes: true,
            says: `${EXAMPLE} gains the names, without values`,
          }),
  };
  const plan = await planWithFreeNames(request);
  const exposed = await exposureNotes(repo, plan, () => host.now());
  const warnings = [...plan.transaction.untrack.flatMap((file) => leavingNotes(repo, file)), ...exposed];
  const byHand = outOfPackages.flatMap((out) => out.byHand ?? []);
  return { plan: { ...plan, notes: [...plan.notes, ...new Set(byHand)], warnings }, found };
}

/** The example with those names that it lacks; null where it lacks none, or where this form of it is not there. */
function exampleWith(text: string | null, names: readonly string[]): string | null {
  if (text === null) return null;
  const present = new Set(parseDotenv(text).map(({ key }) => key));
  const missing = names.filter((name) => !present.has(name));
  return missing.length === 0 ? null : missing.reduce((all, name) => appendDotenv(all, name, ""), text);
}

/** Reads both forms of a file as they are now. */
export function bothForms(repo: WorkRepository) {
  return (file: string): { worktree: Buffer | null; index: Buffer | null } => {
    const { worktree, index } = readSides(repo, file);
    return { worktree: worktree?.bytes ?? null, index: index?.bytes ?? null };
  };
}

/** A file that leaves git is itself where the values may stay, if no older commit can bring back another one. */
function staysHome({ place }: WorkRepository, file: FoundFile, store: SecretStore): boolean {
  return file.untrack && !file.onlyIfHolding && store.kind === "dotenv" && !inHistory(place, file.path);
}

/** Git takes a file that leaves it from everybody who pulls that, and gives back an old one with an older commit. */
function leavingNotes({ place }: WorkRepository, file: string): string[] {
  if (!inHistory(place, file)) return [];
  return [
    `${file} was committed: who pulls this change loses the file, and an older commit brings the old one back; keep a copy`,
  ];
}

/** A store may hold a name that no manifest knows of: where it holds another value, the value here gets another name. */
async function planWithFreeNames(request: PlanRequest): Promise<Plan> {
  const reserved = new Set(request.reserved);
  for (let round = 0; ; round += 1) {
    const plan = await planStow({ ...request, reserved });
    const { secrets } = plan.transaction;
    const kept =
      round < ROUNDS && request.name === null ? await readIfOpen(request.store, secrets) : new Map();
    const taken = secrets.filter(({ name, value }) => kept.get(name)?.equals(value) === false);
    if (taken.length === 0) return plan;
    for (const { name } of taken) reserved.add(name);
  }
}

/** Values of these names; none where the store cannot be read now, which putting them there will say. */
async function readIfOpen(
  store: SecretStore,
  secrets: readonly { readonly name: string }[],
): Promise<ReadonlyMap<string, Secret>> {
  try {
    return secrets.length === 0 ? new Map() : await store.get(secrets.map(({ name }) => name));
  } catch (error) {
    if (error instanceof KnownError) return new Map();
    throw error;
  }
}

/** What keeps the store's own file out of both. */
function storeChanges(
  { place }: WorkRepository,
  { origin }: SecretStore,
  read: (file: string) => string | null,
): PlainChange[] {
  if (!origin.startsWith("dotenv:")) return [];
  const file = origin.slice("dotenv:".length);
  return [ignoreRule(place, file), ...keepFileOut(place, file, read)];
}

/** Values that the project keeps, so that each gets its own name again; names alone where they cannot be read. */
async function knownValues({
  host,
  project,
}: StowSession): Promise<{ known: ReadonlyMap<string, Secret>; reserved: ReadonlySet<string> }> {
  const names = Object.keys(project.manifest?.secrets ?? {});
  if (names.length === 0) return { known: new Map(), reserved: new Set() };
  try {
    const known = await readSecrets(project, names, { attended: host.stdin.isTTY });
    return { known, reserved: new Set(names.filter((name) => !known.has(name))) };
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    return { known: new Map(), reserved: new Set(names) };
  }
}

function readSmall(file: string): string | null {
  try {
    const entry = statSync(file);
    return entry.isFile() && entry.size <= READ_BYTES ? readFileSync(file, "utf8") : null;
  } catch {
    return null;
  }
}

/** A helper that a tool outside is told to call must not lie in a project that anybody can change. */
function helper(): readonly string[] | null {
  const own = ownPackage();
  // `--`, since Node would take some of the arguments behind its program's name for its own.
  return isInProject(own) ? null : [process.execPath, "--", path.join(own, "dist", "bin.cjs")];
}
