import type { Paint, Style } from "../../report/index.ts";
import { escapeText } from "../../report/escape.ts";
import { wrap } from "../../report/wrap.ts";
import type { Plan } from "../../remedy/plan.ts";
import type { OutOfReach } from "./find.ts";

interface Looks {
  readonly paint: Paint;
  readonly columns: number;
}

/** What a plan would do, for people: the values, the changed lines, what else is written, what stays. */
export function planText(
  plan: Plan,
  { label, outOfReach, from }: { label: string; outOfReach: readonly OutOfReach[]; from: string },
  looks: Looks,
): string {
  const sections = [
    [looks.paint("dim", `found by the check of ${escapeText(from)}`)],
    movedSection(plan, label, looks),
    changesSection(plan, looks),
    besidesSection(plan, looks),
    leftSection(plan, outOfReach, looks),
    plan.warnings.flatMap((each) => item(looks.paint("red", "warning"), 7, each, looks.columns)),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join("\n")}\n\n`)
    .join("");
}

function movedSection({ moved }: Plan, label: string, { paint }: Looks): string[] {
  if (moved.length === 0) return [];
  const width = Math.max(...moved.map(({ name }) => name.length));
  const rows = moved.map(({ name, redacted, title, known }) => {
    const state = known ? paint("dim", " (kept already)") : "";
    return `  ${paint("bold", name.padEnd(width))}  ${redacted}  ${escapeText(title)}${state}`;
  });
  return [paint("bold", `to ${escapeText(label)}:`), ...rows];
}

const SIGNS: readonly (readonly ["before" | "after", "-" | "+", Style])[] = [
  ["before", "-", "red"],
  ["after", "+", "green"],
];

function changesSection({ changes }: Plan, { paint }: Looks): string[] {
  const lines: string[] = [];
  let last = "";
  for (const change of changes) {
    if (change.path !== last) lines.push(paint("bold", escapeText(change.path)));
    last = change.path;
    const number = String(change.line).padStart(4);
    for (const [side, sign, style] of SIGNS) {
      for (const text of change[side])
        lines.push(`${paint("dim", number)} ${paint(style, `${sign} ${escapeText(text)}`)}`);
    }
  }
  return lines;
}

function besidesSection({ plain, notes }: Plan, { paint, columns }: Looks): string[] {
  const sentences = [...plain, ...notes];
  return sentences.flatMap((sentence) => item(paint("cyan", "also"), 4, sentence, columns));
}

function leftSection({ left }: Plan, outOfReach: readonly OutOfReach[], { paint, columns }: Looks): string[] {
  const label = paint("yellow", "stays");
  return [
    ...left.flatMap((each) => [
      ...item(label, 5, `${each.path}:${each.line} ${each.title}: ${each.why}`, columns),
      ...each.instead.flatMap((way) => item("     ", 5, `→ ${asSentence(way)}`, columns)),
    ]),
    ...outOfReach.flatMap(({ path, title, why }) => item(label, 5, `${path} ${title}: ${why}`, columns)),
  ];
}

function asSentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1).replace(/\.$/, "")}.`;
}

function item(label: string, width: number, text: string, columns: number): string[] {
  const [first = "", ...rest] = wrap(escapeText(text), columns - width - 2);
  return [`${label}  ${first}`, ...rest.map((line) => `${" ".repeat(width + 2)}${line}`)];
}
