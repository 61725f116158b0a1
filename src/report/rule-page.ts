import { escapeText } from "./escape.ts";
import type { Paint } from "./index.ts";
import { priorityOf } from "./priority.ts";
import { textWidth } from "./width.ts";
import { wrap } from "./wrap.ts";
import { atLeast } from "../model/rule.ts";
import type { AnyRule } from "../model/rule.ts";
import { DEFAULT_SETTINGS } from "../model/settings.ts";

interface PageOptions {
  readonly paint: Paint;
  readonly columns: number;
}

/** What the help page of a rule says, for a program. */
export interface RuleFacts {
  readonly id: string;
  readonly provider: string;
  readonly title: string;
  /** Whether it looks at what a file holds or at its name. */
  readonly looksAt: "content" | "name";
  readonly severity: string;
  readonly confidence: string;
  /** 1 (now) to 4. */
  readonly priority: number;
  readonly effort: string;
  /** What a finding makes of a build, unless `failOn` says otherwise. */
  readonly ci: "fail" | "warn";
  readonly description: string;
  readonly recognisedBy: string;
  readonly advice: readonly string[];
  readonly envName: string | null;
  readonly revokeUrl: string | null;
  readonly sources: readonly string[];
}

export function ruleFacts(rule: AnyRule): RuleFacts {
  return {
    id: rule.id,
    provider: rule.provider,
    title: rule.title,
    looksAt: "pattern" in rule ? "content" : "name",
    severity: rule.severity,
    confidence: rule.confidence,
    priority: priorityOf(rule.severity, rule.confidence, false),
    effort: rule.effort,
    ci: atLeast(rule.severity, DEFAULT_SETTINGS.failOn) ? "fail" : "warn",
    description: rule.description,
    recognisedBy: recognition(rule),
    advice: rule.remedy.advice,
    envName: rule.remedy.envName,
    revokeUrl: rule.remedy.revokeUrl,
    sources: rule.sources,
  };
}

function recognition(rule: AnyRule): string {
  if (!("pattern" in rule)) {
    return rule.holdsSecret === undefined
      ? "the file's name"
      : "the file's name; its content decides how severe it is";
  }
  const traits = [
    rule.keywords.length === 0
      ? "a pattern"
      : `a pattern near ${rule.keywords.map((word) => `"${word}"`).join(", ")}`,
    rule.minEntropy === undefined
      ? null
      : `at least ${rule.minEntropy.toFixed(1)} bits of entropy a character`,
    rule.accepts === undefined ? null : "a check of its structure, made offline",
    rule.files === undefined ? null : "in files of one kind",
  ];
  return traits.filter((trait) => trait !== null).join("; ");
}

/** The help page of one rule. */
export function rulePage(rule: AnyRule, { paint, columns }: PageOptions): string {
  const facts = ruleFacts(rule);
  const heading = (text: string): string => paint("bold", text);
  const paragraph = (text: string): string[] =>
    wrap(escapeText(text), columns - 2).map((line) => `  ${line}`);
  const list = (lines: readonly string[]): string[] => lines.flatMap((line) => bullet(line, columns));
  const todo = [
    facts.envName === null
      ? "Move it to a place that is neither committed nor published."
      : `Read it from the environment variable ${facts.envName}, and keep the value in an ignored file or the keychain.`,
    facts.revokeUrl === null
      ? "If it ever left this machine, have it revoked and a new one issued."
      : `If it ever left this machine, revoke it: ${facts.revokeUrl}`,
    ...facts.advice,
  ];
  const lines = [
    `${heading(escapeText(facts.title))} ${paint("dim", `(${escapeText(facts.id)})`)}`,
    `  severity ${facts.severity}, priority ${facts.priority}, effort ${facts.effort}, CI ${facts.ci}, confidence ${facts.confidence}`,
    "",
    heading("What it is"),
    ...paragraph(facts.description),
    "",
    heading("Recognised by"),
    ...paragraph(facts.recognisedBy),
    "",
    heading("What to do"),
    ...list(todo),
    "",
    heading("Sources"),
    ...list(facts.sources),
  ];
  return `${lines.join("\n")}\n`;
}

function bullet(text: string, columns: number): string[] {
  return wrap(escapeText(text), columns - 4).map((line, index) => `  ${index === 0 ? "-" : " "} ${line}`);
}

/** The table of rules. */
export function ruleTable(rules: readonly AnyRule[], { paint }: PageOptions): string {
  const rows = rules
    .map(ruleFacts)
    .map((facts) => [escapeText(facts.id), facts.severity, escapeText(facts.title)] as const);
  const first = Math.max(2, ...rows.map(([id]) => textWidth(id)));
  const line = ([id, severity, title]: readonly [string, string, string]): string =>
    `${id}${" ".repeat(first - textWidth(id))}  ${severity.padEnd(8)}  ${title}`;
  return `${[paint("bold", line(["ID", "SEVERITY", "TITLE"])), ...rows.map(line)].join("\n")}\n`;
}
