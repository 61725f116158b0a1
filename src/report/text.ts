import { escapeText } from "./escape.ts";
import { cutLine } from "./frame.ts";
import type { Format, Paint, RenderOptions, Style } from "./index.ts";
import { inOrder } from "./order.ts";
import { priorityOf } from "./priority.ts";
import { wrap } from "./wrap.ts";
import { blocks } from "../model/finding.ts";
import type { Finding, Report, Scope } from "../model/finding.ts";
import type { Severity } from "../model/rule.ts";

const COLOURS: Readonly<Record<Severity, Style>> = {
  critical: "magenta",
  high: "red",
  medium: "yellow",
  low: "cyan",
};

/** More findings than this get an overview. */
const LONG = 5;
/** Paths named for each reason of skipping; the rest is counted. */
const SHOWN_SKIPPED = 3;

export default {
  render(report, options) {
    const open = report.findings.filter((finding) => finding.status === "new");
    const explained = new Set<string>();
    const blocksOfText = inOrder(open, options.isPriorityFile).map((finding) => {
      const advice = finding.advice.join("\n");
      const first = !explained.has(advice);
      explained.add(advice);
      return findingLines(finding, report.scope, first, options);
    });
    for (const error of report.errors) blocksOfText.push(errorLines(error, report.scope, options));
    if (open.length > LONG) blocksOfText.push(overview(inOrder(open, options.isPriorityFile), options));
    return blocksOfText.map((lines) => `${lines.join("\n")}\n\n`).join("");
  },

  aside(report, { paint, columns, failOn }) {
    const sentences = [
      ...report.notes.map((note) => ["note", note] as const),
      ...skippedSentences(report).map((sentence) => ["skipped", sentence] as const),
      ...(report.findings.some((finding) => blocks(finding, failOn))
        ? [...wayToMove(report.scope), falseAlarm(report.scope)]
        : []),
    ];
    return sentences
      .flatMap(([label, sentence]) => labelled(paint("cyan", label), label, escapeText(sentence), columns))
      .map((line) => `${line}\n`)
      .join("");
  },
} satisfies Format;

function findingLines(finding: Finding, scope: Scope, explain: boolean, options: RenderOptions): string[] {
  const { paint, columns } = options;
  const { rule, severity } = finding;
  const gutter = finding.frame === null ? 2 : Math.max(2, String(finding.line).length);
  const pad = " ".repeat(gutter);
  const detail = (label: string, text: string): string[] => {
    const [first = "", ...rest] = wrap(escapeText(text), columns - gutter - 3 - label.length);
    return [
      `${pad} ${paint("dim", "=")} ${label}${first}`,
      ...rest.map((line) => `${pad}   ${" ".repeat(label.length)}${line}`),
    ];
  };
  const title = paint("bold", escapeText(rule.title));
  return [
    `${paint(["bold", COLOURS[severity]], severity)}: ${title} ${paint("dim", `(${escapeText(rule.id)})`)}`,
    `${pad}${paint("dim", "-->")} ${place(finding, paint)}`,
    ...frameLines(finding, gutter, options),
    ...destination(finding, scope).flatMap((text) => detail("", text)),
    ...detail("", standing(finding, options)),
    ...(explain
      ? finding.advice.flatMap((line, index) => detail(index === 0 ? "next: " : "then: ", line))
      : detail("next: ", "the same steps as above")),
  ];
}

function frameLines(finding: Finding, gutter: number, { paint, columns }: RenderOptions): string[] {
  const { frame, secret, confidence, severity } = finding;
  const bar = paint("dim", "|");
  const pad = " ".repeat(gutter);
  const size = secret === null ? "" : `${secret.length} character${secret.length === 1 ? "" : "s"}, `;
  const label = `${size}confidence ${confidence}`;
  if (frame === null) {
    return secret === null ? [] : [`${pad} ${paint("dim", "=")} ${escapeText(finding.redacted)}, ${label}`];
  }
  const room = Math.max(20, columns - gutter - 3);
  const { text, start, width } = cutLine(frame, room);
  const beside = start + width + 1 + label.length <= room;
  const caret = paint(["bold", COLOURS[severity]], "^".repeat(width));
  return [
    `${pad} ${bar}`,
    `${paint("dim", String(finding.line).padStart(gutter))} ${bar} ${text}`,
    `${pad} ${bar} ${" ".repeat(start)}${caret}${beside ? ` ${paint(COLOURS[severity], label)}` : ""}`,
    ...(beside ? [] : [`${pad} ${paint("dim", "=")} ${label}`]),
  ];
}

/** `path:line:column` first, so that a terminal makes a link of it; then the archives around it, innermost first. */
function place(finding: Finding, paint: Paint): string {
  const position =
    finding.secret === null && finding.frame === null ? "" : `:${finding.line}:${finding.column}`;
  const field = finding.field === null ? "" : ` (${escapeText(finding.field)})`;
  return `${paint("underline", `${escapeText(finding.path)}${position}`)}${within(finding.container)}${field}`;
}

function within(container: readonly string[]): string {
  return container
    .toReversed()
    .map((name) => ` in ${escapeText(name)}`)
    .join("");
}

/** Where the secret would go, or has gone. */
function destination(finding: Finding, scope: Scope): string[] {
  const outermost = finding.container[0];
  const because = finding.included === null ? "" : `, because${clauseOf(finding.included)}`;
  const lines: string[] = [];
  if (scope.kind === "staged") lines.push("would enter this commit");
  if (scope.kind === "pack")
    lines.push(`would be published${outermost === undefined ? "" : ` in ${outermost}`}${because}`);
  if (scope.kind === "range" || scope.kind === "history")
    lines.push("is in the history: whoever has a clone has it");
  if (scope.kind === "artifact" || scope.kind === "image") lines.push("whoever gets this artifact gets it");
  if (finding.alsoIn.length > 0) {
    lines.push(`also in ${finding.alsoIn.map((chain) => chain.toReversed().join(" in ")).join(", ")}`);
  }
  return lines;
}

/** A packer's reason as a clause: `files[0] "dist"` reads as `files[0] is "dist"`. */
function clauseOf(included: string): string {
  return /^files\[\d+\] "/.test(included) ? ` ${included.replace(" ", " is ")}` : `: ${included}`;
}

function standing(finding: Finding, { failOn, isPriorityFile }: RenderOptions): string {
  const priority = priorityOf(finding.severity, finding.confidence, isPriorityFile(finding.path));
  const status = blocks(finding, failOn) ? "fail" : "warn";
  return `priority ${priority}, effort ${finding.rule.effort}, CI ${status}, id ${finding.id}`;
}

function errorLines(
  error: Report["errors"][number],
  scope: Scope,
  { paint, columns }: RenderOptions,
): string[] {
  const hint = wrap(escapeText(error.hint ?? wayOut(scope)), columns - 11);
  return [
    `${paint(["bold", "red"], "not scanned")}: ${paint("bold", escapeText(error.message))} ${paint("dim", `(${escapeText(error.code)})`)}`,
    `  ${paint("dim", "-->")} ${paint("underline", escapeText(error.path))}${within(error.container)}`,
    ...hint.map((line, index) =>
      index === 0 ? `   ${paint("dim", "=")} next: ${line}` : `           ${line}`,
    ),
  ];
}

/** What to do about a thing that cannot be read, where nothing better is known. */
function wayOut({ kind }: Scope): string {
  return kind === "staged"
    ? 'take it out of the commit, or name it in "ignorePaths"; to pass over the check once: SKIP=stowaway git commit'
    : 'leave it out, or name it in "ignorePaths"';
}

/** Scopes whose files can be rewritten. */
const MOVABLE: ReadonlySet<Scope["kind"]> = new Set(["staged", "paths", "pack"]);

function wayToMove({ kind }: Scope): (readonly [string, string])[] {
  const sentence =
    "to move it to your keychain, or to a file that git ignores, and rewrite its place: npx stowaway stow";
  return MOVABLE.has(kind) ? [["hint", sentence]] : [];
}

function falseAlarm({ kind }: Scope): readonly [string, string] {
  const once = kind === "staged" ? "; to pass over the check once: SKIP=stowaway git commit" : "";
  return [
    "hint",
    `no secret? Write a comment «stowaway:allow RULE -- reason» on its line, or name the file in "ignorePaths"${once}`,
  ];
}

/** A line a finding at the end of a long report, which has scrolled away. */
function overview(findings: readonly Finding[], { paint }: RenderOptions): string[] {
  const width = Math.max(...findings.map(({ severity }) => severity.length));
  return [
    paint("bold", "all findings"),
    ...findings.map(({ severity, ...finding }) => {
      const line = finding.secret === null ? "" : `:${finding.line}`;
      const where = `${escapeText(finding.path)}${line}${within(finding.container)}`;
      return `  ${paint(COLOURS[severity], severity.padEnd(width))} ${where} ${paint("dim", escapeText(finding.rule.id))}`;
    }),
  ];
}

/** One sentence for each reason, since a commit may delete a thousand files. */
function skippedSentences(report: Report): string[] {
  const byReason = new Map<string, Report["skipped"][number][]>();
  for (const skipped of report.skipped) {
    const same = byReason.get(skipped.reason);
    if (same === undefined) byReason.set(skipped.reason, [skipped]);
    else same.push(skipped);
  }
  return [...byReason].map(([reason, all]) => {
    const named = all.slice(0, SHOWN_SKIPPED).map(({ path, container }) => `${path}${within(container)}`);
    const more = all.length - named.length;
    return `${named.join(", ")}${more > 0 ? ` and ${more} more (--format json names all)` : ""}: ${reason}`;
  });
}

function labelled(painted: string, label: string, text: string, columns: number): string[] {
  const [first = "", ...rest] = wrap(text, columns - label.length - 2);
  return [`${painted}: ${first}`, ...rest.map((line) => `${" ".repeat(label.length + 2)}${line}`)];
}
