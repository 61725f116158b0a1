import type { Surroundings } from "../model/edit.ts";
import type { Finding } from "../model/finding.ts";
import type { ManifestSecret } from "../model/manifest.ts";
import type { Secret } from "../model/secret.ts";
import type { PlainEdit, SecretEdit, StoredSecret, Transaction } from "../model/transaction.ts";
import type { SecretStore } from "../vault/store.ts";
import { AliasBook, withClashes } from "./aliases.ts";
import type { EditedFile } from "./aliases.ts";
import { editSide } from "./edit-side.ts";
import type { Left, ShowLine, ShownChange, SideResult } from "./edit-side.ts";
import { mergeEdits } from "./merge-edits.ts";
import { nameValues } from "./name-values.ts";
import type { NamedValue } from "./name-values.ts";
import type { PlainChange } from "./pack-out.ts";
import { plainEdits } from "./plain-edits.ts";

/** One form of a file with what was found in it. */
export interface FoundSide {
  readonly bytes: Buffer;
  /** Findings over content that are to be moved. */
  readonly wanted: readonly Finding[];
  /** Those, and the ones over the file's name, for the question what to do with them. */
  readonly asked: readonly Finding[];
  /** All other findings of the same text. */
  readonly others: readonly Finding[];
}

/** A file with findings. */
export interface FoundFile {
  /** Relative to the top. */
  readonly path: string;
  readonly worktree: FoundSide | null;
  readonly index: FoundSide | null;
  /** A filter stands between both forms. */
  readonly filtered: boolean;
  /** Why it cannot be edited (a conflict, a link …); null where it can. */
  readonly problem: string | null;
  /** Whether its index entry goes: the file as such should not be in git. */
  readonly untrack: boolean;
}

export interface PlanRequest {
  readonly files: readonly FoundFile[];
  readonly store: SecretStore;
  /** Values that the project keeps already. */
  readonly known: ReadonlyMap<string, Secret>;
  /** Names that are in use with a value that cannot be read now. */
  readonly reserved: ReadonlySet<string>;
  readonly projectId: string;
  /** What the manifest says of its names. */
  readonly present: Readonly<Record<string, ManifestSecret>>;
  /** The user's own name, for one value. */
  readonly name: string | null;
  readonly project: Surroundings;
  readonly show: ShowLine;
  /** Both forms of a file without values. */
  readonly plainSides: (path: string) => { readonly worktree: Buffer | null; readonly index: Buffer | null };
  /** Changes that the untracked and published files ask for: ignore rules, lists of packages. */
  readonly changes: readonly PlainChange[];
  /** Changes that the store asks for before it holds a value. */
  readonly storeChanges: readonly PlainChange[];
  /** The manifest's text with these names in it. */
  readonly addToManifest: PlainChangeOf;
  /** The example file's text with these names in it; null where there is no such file. */
  readonly addToExample: PlainChangeOf | null;
}

type PlainChangeOf = (entries: Readonly<Record<string, ManifestSecret>>) => PlainChange;

/** A value that moves, for people. */
export interface Moved {
  readonly name: string;
  readonly redacted: string;
  readonly title: string;
  readonly provider: string;
  readonly revokeUrl: string | null;
  /** Whether the store has it already. */
  readonly known: boolean;
  readonly places: readonly { readonly path: string; readonly line: number }[];
}

/** A place that stays, with what the user can do. */
interface LeftPlace extends Left {
  readonly path: string;
  readonly title: string;
}

/** Everything that a `stow` would do, as a value that can be shown. */
export interface Plan {
  readonly transaction: Transaction;
  readonly moved: readonly Moved[];
  readonly changes: readonly (ShownChange & { readonly path: string })[];
  readonly plain: readonly string[];
  readonly left: readonly LeftPlace[];
  readonly notes: readonly string[];
  /** Sentences about values that others may know already. */
  readonly warnings: readonly string[];
}

/** Plans the move of found values: names, edits of both forms of each file, and what goes with them. Writes nothing. */
export async function planStow(request: PlanRequest): Promise<Plan> {
  const values = nameValues(request.files, request);
  const edited = await editFiles(request, values);
  const sides = edited.flatMap(({ worktree, index }) => [worktree, index].filter((side) => side !== null));
  const takenNames = new Set(sides.flatMap(({ taken }) => taken.map(({ name }) => name)));
  const moving = values.filter(({ name }) => takenNames.has(name));
  const entries = manifestEntries(moving, sides, request);
  const plainChanges = [
    ...request.changes,
    ...(moving.length === 0
      ? []
      : [
          ...request.storeChanges,
          request.addToManifest(entries),
          ...(request.addToExample === null ? [] : [request.addToExample(entries)]),
        ]),
  ];
  const plain = await plainEdits(plainChanges, request.plainSides);
  const merged = joinEdits(
    edited.flatMap((each) => secretEdit(each) ?? []),
    plain.edits,
    moving,
  );
  return {
    transaction: {
      projectId: request.projectId,
      store: request.store.kind,
      secrets: moving.map(({ name, value }): StoredSecret => ({ name, value })),
      plain: merged.plain,
      edits: merged.edits,
      untrack: request.files
        .filter(({ untrack, index }) => untrack && index !== null)
        .map(({ path }) => path),
    },
    moved: moving.map((value) => movedValue(value, edited, request.known)),
    changes: edited.flatMap((each) => shownOf(each).map((change) => ({ ...change, path: each.file.path }))),
    plain: plain.says,
    left: edited.flatMap((each) => leftOf(each, values)),
    notes: [...merged.notes, ...new Set(sides.flatMap(({ notes }) => notes))],
    warnings: [],
  };
}

/** A later file's editor sees what the earlier ones will be: of a Terraform module no variable is declared twice. */
async function editFiles(request: PlanRequest, values: readonly NamedValue[]): Promise<EditedFile[]> {
  const edited: EditedFile[] = [];
  const texts = new Map<string, string>();
  const project = {
    ...request.project,
    read: (path: string) => texts.get(path) ?? request.project.read(path),
  };
  const aliases = new AliasBook(values, request.present);
  for (const file of request.files) {
    const first = await editFile(file, values, { ...request, project });
    const clashing = aliases.clashes(first);
    const rest = values.filter(({ name }) => !clashing.has(name));
    const settled =
      clashing.size === 0
        ? first
        : withClashes(await editFile(file, rest, { ...request, project }), values, clashing);
    aliases.take(settled);
    if (settled.worktree !== null) texts.set(file.path, settled.worktree.after.toString());
    edited.push(settled);
  }
  return edited;
}

async function editFile(
  file: FoundFile,
  values: readonly NamedValue[],
  { project, show }: PlanRequest,
): Promise<EditedFile> {
  const edit = async (side: FoundSide | null): Promise<SideResult | null> => {
    if (side === null || file.problem !== null || side.wanted.length === 0) return null;
    const wanted = values.flatMap((value) => {
      const lines = value.linesIn(side);
      return lines.size === 0 ? [] : [{ name: value.name, value: value.value.expose(), lines }];
    });
    const others = side.others.flatMap(({ secret }) => secret?.expose() ?? []);
    return await editSide({ path: file.path, bytes: side.bytes, wanted, others, project, show });
  };
  const worktree = await edit(file.worktree);
  // The same bytes give the same edits; an entry that goes needs none.
  const same = file.index !== null && file.worktree?.bytes.equals(file.index.bytes) === true;
  if (file.untrack || file.filtered) return { file, worktree, index: null };
  return { file, worktree, index: same ? worktree : await edit(file.index) };
}

function secretEdit({ file, worktree, index }: EditedFile): SecretEdit | null {
  const side = (found: FoundSide | null, result: SideResult | null) =>
    found === null || result === null || result.splices.length === 0
      ? null
      : { before: found.bytes, splices: result.splices };
  const onDisk = side(file.worktree, worktree);
  const staged =
    file.filtered && !file.untrack && file.index !== null && onDisk !== null
      ? { clean: true as const }
      : side(file.index, index);
  if (onDisk === null && staged === null) return null;
  const encoding = (worktree ?? index)?.encoding ?? "utf8";
  return { path: file.path, encoding, worktree: onDisk, index: staged };
}

interface Joined {
  readonly edits: readonly SecretEdit[];
  readonly plain: readonly PlainEdit[];
  readonly notes: readonly string[];
}

/** A file that loses a value and is changed besides gets one edit. */
function joinEdits(
  edits: readonly SecretEdit[],
  plain: readonly PlainEdit[],
  moving: readonly NamedValue[],
): Joined {
  const values = new Map(moving.map(({ name, value }) => [name, value.expose()]));
  const notes: string[] = [];
  const joined = edits.map((edit) => {
    const other = plain.find(({ path }) => path === edit.path);
    const both = other === undefined ? edit : mergeEdits(edit, other, values);
    if (both === null) notes.push(`${edit.path} needs another change in the same place: run stow again`);
    return both ?? edit;
  });
  const paths = new Set(edits.map(({ path }) => path));
  return { edits: joined, plain: plain.filter(({ path }) => !paths.has(path)), notes };
}

function manifestEntries(
  moving: readonly NamedValue[],
  sides: readonly SideResult[],
  { store, present }: PlanRequest,
): Record<string, ManifestSecret> {
  return Object.fromEntries(
    moving.map(({ name, rule }) => {
      const before = present[name];
      const aliases = unique([
        ...(before?.as ?? []),
        ...sides.flatMap((side) => side.aliases[name] ?? []),
      ]).filter((alias) => alias !== name);
      const from = unique([store.origin, ...(before?.from ?? [])]);
      return [name, { from, provider: rule.provider, ...(aliases.length > 0 && { as: aliases }) }];
    }),
  );
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

function movedValue(
  { name, value, rule }: NamedValue,
  edited: readonly EditedFile[],
  known: ReadonlyMap<string, Secret>,
): Moved {
  const places = edited.flatMap(({ file, worktree, index }) =>
    ((worktree ?? index)?.taken ?? [])
      .filter((taken) => taken.name === name)
      .map(({ line }) => ({ path: file.path, line })),
  );
  return {
    name,
    redacted: value.redact("publicPrefix" in rule ? rule.publicPrefix : 0),
    title: rule.title,
    provider: rule.provider,
    revokeUrl: rule.remedy.revokeUrl,
    known: known.has(name),
    places,
  };
}

/** The disk's form stands for both, unless only the index is changed. */
function shownOf({ worktree, index }: EditedFile): readonly ShownChange[] {
  return worktree !== null && worktree.changes.length > 0 ? worktree.changes : (index?.changes ?? []);
}

function leftOf({ file, worktree, index }: EditedFile, values: readonly NamedValue[]): LeftPlace[] {
  if (file.untrack) return [];
  const title = (name: string): string => values.find((value) => value.name === name)?.rule.title ?? "secret";
  const problem = file.problem;
  if (problem !== null) {
    const wanted = [...(file.worktree?.wanted ?? []), ...(file.index?.wanted ?? [])];
    return wanted.slice(0, 1).map((finding) => ({
      path: file.path,
      title: finding.rule.title,
      name: "",
      line: finding.line,
      why: problem,
      instead: finding.advice,
    }));
  }
  const all = [...(worktree?.left ?? []), ...(index?.left ?? [])];
  const seen = new Set<string>();
  return all
    .filter(({ name, line }) => !seen.has(`${name} ${line}`) && seen.add(`${name} ${line}`))
    .map((left) => ({ ...left, path: file.path, title: title(left.name) }));
}
