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
  usage: ["rules [ID…]"],
  options,
  examples: [
    { command: "stowaway rules npm-access-token", says: "what it is, how it is recognised, what to do" },
    { command: "stowaway rules --format json", says: "everything about every rule, for a program" },
  ],
  exitCodes: READ_EXIT_CODES,
  async run({ values, positionals, host }: Context<typeof options>): Promise<ExitCode> {
    const all: readonly AnyRule[] = [...RULES, ...FILE_RULES];
    const chosen = positionals.map((id) => findRule(id, all));
    const style = looks(values, host);
    const text =
      chosen.length === 0 ? ruleTable(all, style) : chosen.map((rule) => rulePage(rule, style)).join("\n");
    const rules = (chosen.length === 0 ? all : chosen).map(ruleFacts);
    const json = `${JSON.stringify({ schema: 1, rules }, null, 2)}\n`;
    await deliver(values.format === "json" ? json : text, values, host);
    return ExitCode.clean;
  },
} satisfies Command<typeof options>;

function findRule(id: string, all: readonly AnyRule[]): AnyRule {
  const rule = all.find((candidate) => candidate.id === id);
  if (rule !== undefined) return rule;
  const near = nearest(
    id,
    all.map((candidate) => candidate.id),
  );
  throw new UsageError("unknown-rule", `unknown rule ${id}`, {
    hint: near === null ? "Run stowaway rules to see every rule." : `Did you mean ${near}?`,
  });
}
