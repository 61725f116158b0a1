import { posix } from "node:path";
import { settingsFor } from "../scanning.ts";
import type { ScanValues } from "../scanning.ts";
import { settingsOfIndex } from "../../config/staged.ts";
import type { Host } from "../../host/host.ts";
import { UsageError } from "../../model/errors.ts";
import { blocks } from "../../model/finding.ts";
import type { Finding, ScopeKind } from "../../model/finding.ts";
import type { Settings } from "../../model/settings.ts";
import { scan } from "../../pipeline.ts";
import { checkedFinding, readLastCheck } from "../../remedy/last-check.ts";
import type { CheckedFinding, LastCheck } from "../../remedy/last-check.ts";
import { concerns } from "../../remedy/edit-files.ts";
import type { FoundFile, FoundSide } from "../../remedy/found-file.ts";
import { readAllSides } from "../../remedy/sides.ts";
import type { Sides } from "../../remedy/sides.ts";
import type { WorkRepository } from "../../remedy/repository.ts";
import { listIndex, openIndex } from "../../source/git/staged.ts";

/** A file that should be in no package. */
interface PublishedFile {
  /** The package's folder, relative to the top. */
  readonly folder: string;
  /** Relative to the package. */
  readonly path: string;
  readonly included: string | null;
  readonly rule: string;
}

/** A finding in something that cannot be rewritten. */
export interface OutOfReach {
  readonly path: string;
  readonly title: string;
  readonly why: string;
}

/** What is to be moved, found again in the files as they are now. */
export interface FoundToStow {
  readonly files: readonly FoundFile[];
  readonly published: readonly PublishedFile[];
  readonly outOfReach: readonly OutOfReach[];
  /** The check that found it, for people. */
  readonly from: string;
  readonly settings: Settings;
}

interface Search {
  readonly host: Host;
  readonly repo: WorkRepository;
  readonly settings: Settings;
  readonly ids: readonly string[];
}

const SHORTEST_ID = 6;
const ABSENT: Sides = { worktree: null, index: null, filtered: false, problem: null };
/** A dotenv file that is meant to be in git, without values. */
const TEMPLATE = /\.env\.(?:example|sample|template|dist|defaults?)$/i;

/**
 * Finds the findings of the last check again, or those of a fresh check of the index where that has none.
 *
 * @param ids of findings, or their beginnings; all that block where there are none
 * @throws UsageError where an id is of no finding
 */
export async function findToStow(
  host: Host,
  repo: WorkRepository,
  ids: readonly string[],
  values: ScanValues,
): Promise<FoundToStow> {
  const settings = await settingsFor(host.cwd, repo.top, values);
  const search = { host, repo, settings, ids };
  const last = readLastCheck(repo.stateDir);
  if (last === null || (last.findings.length === 0 && ids.length === 0))
    return await findAgain(search, await checkIndex(search));
  const again = await findAgain(search, last);
  const anything = again.files.length + again.published.length + again.outOfReach.length > 0;
  // All that the last check has found is gone: then what is staged now is meant.
  return anything || ids.length > 0 ? again : await findAgain(search, await checkIndex(search));
}

async function checkIndex({ host, settings }: Search): Promise<LastCheck> {
  const place = { cwd: host.cwd, env: host.env };
  const index = openIndex(place, await listIndex(place, []));
  try {
    const own = await settingsOfIndex((name) => index.readConfig(name), { failOn: settings.failOn });
    const scope = { kind: "staged", target: "the next commit", mode: "exact" } as const;
    const events = index.events(own.limits.fileBytes);
    const { findings } = await scan(events, { scope, settings: own, now: () => host.now() });
    return { kind: "staged", target: scope.target, packages: [], findings: findings.map(checkedFinding) };
  } finally {
    index.close();
  }
}

function selected(findings: readonly CheckedFinding[], ids: readonly string[]): readonly CheckedFinding[] {
  if (ids.length === 0) return findings;
  return ids.flatMap((id) => {
    const found = findings.filter((finding) => id.length >= SHORTEST_ID && finding.id.startsWith(id));
    if (found.length > 0) return found;
    throw new UsageError("unknown-id", `the last check has no finding with the id ${id.slice(0, 40)}`, {
      hint: "Run stowaway check (or check-pack) again, and take the id from its report.",
    });
  });
}

/** Where in the work tree a reported path may stand. A wheel leaves out the folder `src`. */
function placesOf({ path, container }: CheckedFinding, { kind, packages }: LastCheck): string[] {
  if (kind !== "pack") return container.length === 0 ? [path] : [];
  if (container.length > 1) return [];
  return packages.flatMap((folder) => {
    const at = folder === "" ? "" : `${folder}/`;
    return [`${at}${path}`, `${at}src/${path}`];
  });
}

async function findAgain(search: Search, last: LastCheck): Promise<FoundToStow> {
  const files = new Map<string, FoundFile>();
  const published: PublishedFile[] = [];
  const outOfReach: OutOfReach[] = [];
  const groups = byFile(selected(last.findings, search.ids)).map((checked) => ({
    checked,
    first: checked[0],
    places: placesOf(checked[0], last),
  }));
  const sides = readAllSides(
    search.repo,
    groups.flatMap(({ places }) => places),
  );
  for (const { checked, first, places } of groups) {
    if (places.length === 0) outOfReach.push(within(first));
    for (const place of places) {
      const found = await findIn(search, { place, sides: sides.get(place) ?? ABSENT }, checked, last.kind);
      if (found === null) continue;
      const before = files.get(place);
      files.set(place, before === undefined ? found : merged(before, found));
      const named = checked.find(({ rule }) => rule.startsWith("file/"));
      if (last.kind === "pack" && named !== undefined)
        published.push(publishedFile(named, place, last.packages));
    }
  }
  const from =
    last.kind === "staged" ? "what is staged" : `${last.kind === "pack" ? "the package " : ""}${last.target}`;
  return {
    files: [...files.values()].filter(concerns),
    published,
    outOfReach,
    from,
    settings: search.settings,
  };
}

type OfOneFile = readonly [CheckedFinding, ...CheckedFinding[]];

/** Findings of one reported path, so that each file is read once. */
function byFile(findings: readonly CheckedFinding[]): OfOneFile[] {
  const groups = new Map<string, [CheckedFinding, ...CheckedFinding[]]>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.container, finding.path]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  return [...groups.values()];
}

function within({ path, container, rule }: CheckedFinding): OutOfReach {
  const whole = [...container, path][0] ?? path;
  return { path: whole, title: rule, why: "it stands in an archive, which is not rewritten" };
}

function publishedFile(
  { path, included, rule }: CheckedFinding,
  place: string,
  packages: readonly string[],
): PublishedFile {
  const inPackage = [path, `src/${path}`];
  const folder = packages.find((each) => inPackage.some((name) => place === posix.join(each, name))) ?? "";
  return { folder, path: folder === "" ? place : place.slice(folder.length + 1), included, rule };
}

/** Looks for findings in both forms of a file. */
async function findIn(
  search: Search,
  { place, sides }: { readonly place: string; readonly sides: Sides },
  checked: OfOneFile,
  kind: ScopeKind,
): Promise<FoundFile | null> {
  if (sides.worktree === null && sides.index === null && sides.problem === null) return null;
  const worktree = await findInSide(search, sides.worktree?.bytes ?? null, checked, kind);
  const index = await findInSide(search, sides.index?.bytes ?? null, checked, kind);
  const byName = [...(worktree?.byName ?? []), ...(index?.byName ?? [])];
  return {
    path: place,
    worktree: worktree?.side ?? null,
    index: index?.side ?? null,
    filtered: sides.filtered,
    problem: sides.problem,
    checked: checked.map(({ title, line }) => ({ title, line })),
    untrack: byName.length > 0 && isTracked(sides) && !TEMPLATE.test(place),
    onlyIfHolding: byName.every(({ rule }) => "reportEmpty" in rule && !rule.reportEmpty),
    home: false,
  };
}

const isTracked = ({ index }: Sides): boolean => index !== null;

interface InSide {
  readonly side: FoundSide;
  /** Those of rules over names. */
  readonly byName: readonly Finding[];
}

async function findInSide(
  { host, settings, ids }: Search,
  bytes: Buffer | null,
  checked: OfOneFile,
  kind: ScopeKind,
): Promise<InSide | null> {
  if (bytes === null) return null;
  const [{ path }] = checked;
  const scope = { kind, target: path, mode: "exact" } as const;
  const item = { kind: "item", path, container: [], bytes, included: null } as const;
  const { findings } = await scan([item], { scope, settings, now: () => host.now() });
  const asked = new Set(checked.map(({ id }) => id));
  const isAsked = (finding: Finding): boolean =>
    asked.has(finding.id) && finding.status === "new" && (ids.length > 0 || blocks(finding, settings.failOn));
  const inText = findings.filter(({ secret, container }) => secret !== null && container.length === 0);
  const wanted = inText.filter(isAsked);
  return {
    side: {
      bytes,
      wanted,
      asked: findings.filter(isAsked),
      others: inText.filter((each) => !wanted.includes(each)),
    },
    byName: findings.filter((finding) => finding.secret === null && isAsked(finding)),
  };
}

/** Two findings of one file. */
function merged(a: FoundFile, b: FoundFile): FoundFile {
  const join = (one: FoundSide | null, other: FoundSide | null): FoundSide | null => {
    if (one === null || other === null) return one ?? other;
    const wanted = [
      ...one.wanted,
      ...other.wanted.filter(({ id }) => one.wanted.every((each) => each.id !== id)),
    ];
    const asked = [
      ...one.asked,
      ...other.asked.filter(({ id }) => one.asked.every((each) => each.id !== id)),
    ];
    const ids = new Set(wanted.map(({ id }) => id));
    return { bytes: one.bytes, wanted, asked, others: one.others.filter(({ id }) => !ids.has(id)) };
  };
  return {
    ...a,
    worktree: join(a.worktree, b.worktree),
    index: join(a.index, b.index),
    checked: [...a.checked, ...b.checked],
    untrack: a.untrack || b.untrack,
    onlyIfHolding: a.onlyIfHolding && b.onlyIfHolding,
  };
}
