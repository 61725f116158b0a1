import { deliver, looks } from "./deliver.ts";
import type { CommonValues } from "./options.ts";
import type { Host } from "../host/host.ts";
import { painter, usableColumns, usesColor } from "../host/terminal.ts";
import { VERSION } from "../host/version.ts";
import { verdict } from "../judge/verdict.ts";
import { ExitCode } from "../model/exit-code.ts";
import type { Report } from "../model/finding.ts";
import type { Settings } from "../model/settings.ts";
import { closingLine } from "../report/closing.ts";
import { loadFormat } from "../report/index.ts";
import { isPriorityFile } from "../rules/files.ts";

type FinishValues = Pick<CommonValues, "format" | "output" | "quiet" | "no-color" | "exit-code">;

/** Those of the hook, which takes no options. */
export const HOOK_VALUES: FinishValues = {
  format: "text",
  output: undefined,
  quiet: false,
  "no-color": false,
  "exit-code": undefined,
};

interface FinishContext {
  readonly values: FinishValues;
  readonly host: Host;
  readonly settings: Pick<Settings, "failOn">;
}

/**
 * Ends a scanning command: writes the report to standard output or to `--output`; what is said beside it, and the
 * closing line, to standard error.
 *
 * @returns the answer of the process; 1 is replaced by `--exit-code`
 * @throws IncompleteError where the report cannot be written
 */
export async function finish(report: Report, { values, host, settings }: FinishContext): Promise<ExitCode> {
  const { failOn } = settings;
  const format = await loadFormat(values.format);
  const common = { failOn, version: VERSION, isPriorityFile };
  const paint = painter(usesColor(host.stderr, host.env, values["no-color"]));
  await deliver(format.render(report, { ...common, ...looks(values, host) }), values, host);
  if (!values.quiet) {
    host.stderr.write(
      format.aside?.(report, { ...common, paint, columns: usableColumns(host.stderr) }) ?? "",
    );
  }
  const answer = answerOf(verdict(report, failOn), values["exit-code"]);
  host.stderr.write(closingLine(report, { failOn, stops: answer !== ExitCode.clean, paint }));
  return answer;
}

function answerOf(code: ExitCode, replacement: number | undefined): ExitCode {
  // The user's own number is none of ours; the process takes any.
  return code === ExitCode.findings && replacement !== undefined ? (replacement as ExitCode) : code;
}
