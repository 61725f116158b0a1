import { deliver, looks } from "./deliver.ts";
import { READ_EXIT_CODES } from "./options.ts";
import type { Command, Context, Options } from "./options.ts";
import { nearest } from "../host/nearest.ts";
import { UsageError } from "../model/errors.ts";
import { ExitCode } from "../model/exit-code.ts";
import type { AnyRule } from "../model/rule.ts";
import { ruleFacts, rulePage, ruleTable } from "../report/rule-page.ts";
import { FILE_RULES, RULES } from "../rules/index.ts";

const options = {} as const satisfies Options;

export default {
  name: "rules",
  summary: "lists the rules, or explains those named",
  usage: ["rules [ID|PROVIDER…]"],
  options,
  examples: [
    { command: "stowaway rules npm-access-token", says: "what it is, how it is recognised, what to do" },
    { command: "stowaway rules --format json", says: "everything about every rule, for a program" },
  ],
  exitCodes: READ_EXIT_CODES,
  async run({ values, positionals, host }: Context<typeof options>): Promise<ExitCode> {
    const all: readonly AnyRule[] = [...RULES, ...FILE_RULES];
    const chosen = [...new Set(positionals.flatMap((word) => findRules(word, all)))];
    // A page for each rule that is named, a table for a whole provider.
    const pages = chosen.length > 0 && chosen.length <= Math.max(1, positionals.length);
    const style = looks(values, host);
    const text = pages
      ? chosen.map((rule) => rulePage(rule, style)).join("\n")
      : ruleTable(chosen.length === 0 ? all : chosen, style);
    const rules = (chosen.length === 0 ? all : chosen).map(ruleFacts);
    const json = `${JSON.stringify({ schema: 1, rules }, null, 2)}\n`;
    await deliver(values.format === "json" ? json : text, values, host);
    return ExitCode.clean;
  },
} satisfies Command<typeof options>;

/** The rule of this id, else those of this provider or with this in their ids. */
function findRules(word: string, all: readonly AnyRule[]): readonly AnyRule[] {
  const exact = all.filter((rule) => rule.id === word);
  if (exact.length > 0) return exact;
  const wanted = word.toLowerCase();
  const some = all.filter((rule) => rule.provider === wanted || rule.id.includes(wanted));
  if (some.length > 0) return some;
  const near = nearest(wanted, [...new Set(all.flatMap((rule) => [rule.id, rule.provider]))]);
  throw new UsageError("unknown-rule", `unknown rule ${word}`, {
    hint: near === null ? "Run stowaway rules to see every rule." : `Did you mean ${near}?`,
  });
}
