import type { Finding } from "../model/finding.ts";
import { UsageError } from "../model/errors.ts";
import { isUnsafeName, NAME_PATTERN } from "../model/manifest.ts";
import type { AnyRule } from "../model/rule.ts";
import { Secret } from "../model/secret.ts";
import { readFileText } from "./file-text.ts";
import { chooseName } from "./names.ts";
import type { FoundFile, FoundSide } from "./found-file.ts";

/** A value to be moved, under the name it gets everywhere. */
export interface NamedValue {
  readonly name: string;
  readonly value: Secret;
  readonly rule: AnyRule;
  /** Lines of one form of a file on which it was found, 1-based. */
  linesIn(side: FoundSide): ReadonlySet<number>;
}

/** Names that are in use, and the one that the user gives. */
interface InUse {
  readonly known: ReadonlyMap<string, Secret>;
  readonly reserved: ReadonlySet<string>;
  readonly name: string | null;
}

interface Group {
  readonly value: string;
  readonly first: { readonly finding: Finding; readonly path: string };
  readonly lines: Map<FoundSide, Set<number>>;
}

/** Providers of rules that know the place of a value, not what it is for. */
const GENERIC = new Set(["generic", "commandline"]);
const ADDRESS_START = /[a-z][a-z0-9+.-]{0,30}:\/\/[^\s"'`<>(){}|\\]*$/i;
const ADDRESS_REST = /^[^\s"'`<>(){}|\\]*/;
/** Farther from a password its address does not begin. */
const REACH = 400;

/**
 * The text that moves: of a password in an address the whole address where the variable is to hold one (`DATABASE_URL`),
 * else the secret itself.
 */
function movedText(finding: Finding, text: string): string {
  const value = finding.secret?.expose() ?? "";
  const { envName } = finding.rule.remedy;
  if (envName === null || !/_UR[LI]$/.test(envName)) return value;
  const starts = lineStart(text, finding.line);
  const at = text.indexOf(value, starts + finding.column - 1);
  const from = at >= 0 ? at : text.indexOf(value, starts);
  if (from < 0) return value;
  const head = ADDRESS_START.exec(text.slice(Math.max(starts, from - REACH), from))?.[0];
  if (head === undefined) return value;
  const rest = ADDRESS_REST.exec(text.slice(from + value.length, from + value.length + REACH))?.[0] ?? "";
  return head + value + rest.replace(/[,;.]+$/, "");
}

function lineStart(text: string, line: number): number {
  let at = 0;
  for (let number = 1; number < line; number += 1) {
    const next = text.indexOf("\n", at);
    if (next < 0) break;
    at = next + 1;
  }
  return at;
}

function groupsOf(files: readonly FoundFile[]): Group[] {
  const groups = new Map<string, Group>();
  for (const { path, worktree, index } of files)
    for (const side of [worktree, index]) {
      if (side === null) continue;
      const text = readFileText(side.bytes)?.text ?? "";
      for (const finding of side.wanted) {
        const value = movedText(finding, text);
        const group = groups.get(value) ?? { value, first: { finding, path }, lines: new Map() };
        groups.set(value, group);
        const lines = group.lines.get(side) ?? new Set<number>();
        group.lines.set(side, lines);
        for (let line = finding.line; line <= finding.endLine; line += 1) lines.add(line);
      }
    }
  return [...groups.values()];
}

/**
 * Gives each value one name, the same in every file. A value that the project keeps already keeps its name.
 *
 * @throws UsageError where the user's name cannot be used
 */
export function nameValues(
  files: readonly FoundFile[],
  { known, reserved, name: given }: InUse,
): NamedValue[] {
  const groups = groupsOf(files);
  if (given !== null) checkGiven(given, groups, known);
  const names = new Map<string, string>([...known].map(([name, secret]) => [name, secret.expose()]));
  return groups.map(({ value, first: { finding, path }, lines }) => {
    const same = [...names].find(([, other]) => other === value)?.[0];
    const { rule, field } = finding;
    const hints = { envName: rule.remedy.envName, generic: GENERIC.has(rule.provider), field, path };
    const name = given ?? same ?? chooseName(hints, (taken) => names.has(taken) || reserved.has(taken));
    names.set(name, value);
    return {
      name,
      value: new Secret(value),
      rule,
      linesIn: (side) => lines.get(side) ?? new Set<number>(),
    };
  });
}

function checkGiven(given: string, groups: readonly Group[], known: ReadonlyMap<string, Secret>): void {
  if (!NAME_PATTERN.test(given) || isUnsafeName(given))
    throw new UsageError("invalid-name", "--name is no name for a variable that may be set", {
      hint: "Use letters, digits and _, for example STRIPE_SECRET_KEY.",
    });
  if (groups.length > 1)
    throw new UsageError("too-many-values", `--name is for one value, and there are ${groups.length}`, {
      hint: "Give the id of the finding it is for.",
    });
  const taken = known.get(given);
  if (taken !== undefined && taken.expose() !== groups[0]?.value)
    throw new UsageError("name-taken", `${given} holds another value already`, {
      hint: "Choose another name; stowaway secrets ls shows those in use.",
    });
}
