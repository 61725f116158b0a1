import type { Surroundings } from "../model/edit.ts";
import type { ManifestSecret } from "../model/manifest.ts";
import type { Secret } from "../model/secret.ts";
import type { FileEncoding, PlainEdit, SecretEdit, StoredSecret, Transaction } from "../model/transaction.ts";
import type { SecretStore } from "../vault/store.ts";
import { editFiles } from "./edit-files.ts";
import type { EditedFile } from "./edit-files.ts";
import type { Left, SideResult } from "./edit-side.ts";
import type { FoundFile, FoundSide } from "./found-file.ts";
import { mergeEdits } from "./merge-edits.ts";
import { nameValues } from "./name-values.ts";
import type { NamedValue } from "./name-values.ts";
import type { PlainChange } from "./plain-change.ts";
import { plainEdits } from "./plain-edits.ts";
import type { ShownChange, ShowLines } from "./shown-changes.ts";

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
  readonly show: ShowLines;
  /** Both forms of a file without values. */
  readonly plainSides: (path: string) => { readonly worktree: Buffer | null; readonly index: Buffer | null };
  /** Changes that keep files which leave git, and published ones, out: ignore rules, lists of packages. */
  readonly keepOut: (untracked: readonly string[]) => readonly PlainChange[];
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
  /** What each edited file is to be, for the look at it afterwards; nothing of it is shown. */
  readonly expected: ReadonlyMap<string, Expected>;
}

/** Both forms of a file as they will be; null where one stays as it is. */
interface Expected {
  readonly encoding: FileEncoding;
  readonly worktree: Buffer | null;
  readonly index: Buffer | null;
}

/** Plans the move of found values: names, edits of both forms of each file, and what goes with them. Writes nothing. */
export async function planStow(request: PlanRequest): Promise<Plan> {
  const values = nameValues(request.files, request);
  const edited = await editFiles(request.files, values, request);
  const sides = edited.flatMap(({ worktree, index }) => [worktree, index].filter((side) => side !== null));
  const names = new Set([
    ...sides.flatMap(({ taken }) => taken.map(({ name }) => name)),
    ...edited.flatMap(({ kept }) => kept),
  ]);
  const moving = values.filter(({ name }) => names.has(name));
  const untrack = edited
    .filter((each) => each.untrack && each.file.index !== null)
    .map(({ file }) => file.path);
  const plain = await plainEdits(plainChanges(request, moving, sides, untrack), request.plainSides);
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
      untrack,
    },
    moved: moving.map((value) => movedValue(value, edited, request.known)),
    changes: edited.flatMap((each) => shownOf(each).map((change) => ({ ...change, path: each.file.path }))),
    plain: plain.says,
    left: edited.flatMap((each) => leftOf(each, values)),
    notes: [...edited.flatMap(untrackNotes), ...merged.notes, ...editorNotes(edited)],
    warnings: [],
    expected: new Map(edited.map((each) => [each.file.path, expectedOf(each)])),
  };
}

function plainChanges(
  request: PlanRequest,
  moving: readonly NamedValue[],
  sides: readonly SideResult[],
  untrack: readonly string[],
): PlainChange[] {
  const { keepOut, storeChanges, addToManifest, addToExample } = request;
  if (moving.length === 0) return [...keepOut(untrack)];
  const entries = manifestEntries(moving, sides, request);
  const example = addToExample === null ? [] : [addToExample(entries)];
  return [...keepOut(untrack), ...storeChanges, addToManifest(entries), ...example];
}

function expectedOf({ worktree, index }: EditedFile): Expected {
  const encoding = (worktree ?? index)?.encoding ?? "utf8";
  return { encoding, worktree: worktree?.after ?? null, index: index?.after ?? null };
}

/** Files named with a note; more of them are counted. */
const NOTED = 2;

/** What the editors have to say, once each, with the files it is about. */
function editorNotes(edited: readonly EditedFile[]): string[] {
  const files = new Map<string, Set<string>>();
  for (const { file, worktree, index } of edited)
    for (const note of [...(worktree?.notes ?? []), ...(index?.notes ?? [])])
      files.set(note, (files.get(note) ?? new Set()).add(file.path));
  return [...files].map(([note, paths]) => {
    const more = paths.size > NOTED ? ` and ${paths.size - NOTED} more` : "";
    return `${[...paths].slice(0, NOTED).join(", ")}${more}: ${note}`;
  });
}

function untrackNotes({ file, untrack, kept }: EditedFile): string[] {
  if (!untrack || file.index === null) return [];
  const stays = file.worktree === null ? "; there is none on the disk" : ", and stays on the disk";
  const saved = kept.length === 0 ? "" : `; only what was staged held ${kept.join(", ")}`;
  return [`${file.path} leaves git's index${stays}${saved}`];
}

function secretEdit({ file, worktree, index, untrack }: EditedFile): SecretEdit | null {
  const side = (found: FoundSide | null, result: SideResult | null) =>
    found === null || result === null || result.splices.length === 0
      ? null
      : { before: found.bytes, splices: result.splices };
  const onDisk = side(file.worktree, worktree);
  const staged =
    file.filtered && !untrack && file.index !== null && onDisk !== null
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

function leftOf({ file, worktree, index, left }: EditedFile, values: readonly NamedValue[]): LeftPlace[] {
  const titles = new Map(values.map(({ name, rule }) => [name, rule.title]));
  const seen = new Set<string>();
  return [...(worktree?.left ?? []), ...(index?.left ?? []), ...left]
    .filter(({ name, line, why }) => {
      const key = [name, line, why].join("\0");
      return !seen.has(key) && seen.add(key);
    })
    .map((each) => {
      const title =
        titles.get(each.name) ?? file.checked.find(({ line }) => line === each.line)?.title ?? "secret";
      return { ...each, path: file.path, title };
    });
}
