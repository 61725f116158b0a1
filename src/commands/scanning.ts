import { finish } from "./finish.ts";
import type { CommonValues, Context, Options } from "./options.ts";
import { readConfig } from "../config/read.ts";
import { settle } from "../config/settle.ts";
import type { Flags } from "../config/settle.ts";
import { skipVariable } from "../config/skip.ts";
import { git } from "../host/plumbing.ts";
import type { Host } from "../host/host.ts";
import { startProgress } from "../host/progress.ts";
import type { ExitCode } from "../model/exit-code.ts";
import type { Report, Scope } from "../model/finding.ts";
import type { SourceEvent } from "../model/item.ts";
import { SEVERITIES } from "../model/rule.ts";
import type { Settings } from "../model/settings.ts";
import { scan } from "../pipeline.ts";
import { escapeText } from "../report/escape.ts";
import { ignoring } from "../source/ignore.ts";

/** Options of every command that scans. */
export const SCAN_OPTIONS = {
  "fail-on": {
    type: "string",
    value: "SEVERITY",
    choices: SEVERITIES,
    description: "findings of this severity or worse block (default: medium)",
  },
  strict: { type: "boolean", description: "take no notice of allow comments" },
} as const satisfies Options;

type ScanContext = Context<typeof SCAN_OPTIONS>;

/** What the command line says to a command that scans. */
export type ScanValues = ScanContext["values"];

/** Whether the user asked to pass over this run; says so where it is. */
export function isSkipped(host: Host): boolean {
  const skip = skipVariable(host.env);
  if (skip !== null) host.stderr.write(`stowaway: skipped, because ${skip} says so; nothing was checked\n`);
  return skip !== null;
}

/** What the command line says about settings. */
export function flagsOf(values: ScanContext["values"]): Flags {
  return { failOn: values["fail-on"], strict: values.strict };
}

/** Top folder of the work tree round a folder; the folder itself where there is no repository, or no git. */
export function topOf(folder: string, { env }: Host): string {
  try {
    const top = git({ cwd: folder, env }, ["rev-parse", "--show-toplevel"]).toString();
    return top.replace(/\r?\n$/, "") || folder;
  } catch {
    return folder;
  }
}

/**
 * The settings for files on the disk.
 *
 * @param folder absolute; the nearest configuration is looked for from here up to `top`
 */
export async function settingsFor(
  folder: string,
  top: string,
  values: ScanContext["values"],
): Promise<Settings> {
  const found = await readConfig(folder, top, values.config);
  return settle(flagsOf(values), found?.config ?? {});
}

interface Run {
  readonly scope: Scope;
  readonly settings: Settings;
  readonly events: AsyncIterable<SourceEvent>;
  readonly notes?: () => readonly string[];
  /** Folders of the packages that are checked, absolute: only then there is an offer to move what was found. */
  readonly packages?: readonly string[];
}

/** Scans with a progress line, and ends the command. */
export async function scanAndFinish(
  values: CommonValues,
  host: Host,
  { scope, settings, events, notes, packages }: Run,
): Promise<ExitCode> {
  const progress = startProgress(host, values.quiet);
  try {
    const report = await scan(events, {
      scope,
      settings,
      now: () => host.now(),
      onProgress: (files, name) => progress.update(`${files} files: ${escapeText(name)}`),
      ...(notes !== undefined && { notes }),
      ...(settings.ignorePaths.length > 0 && { ignores: ignoring(settings.ignorePaths) }),
    });
    progress.stop();
    const answer = await finish(report, { values, host, settings });
    await noteFindings(host, report, settings, packages);
    return answer;
  } finally {
    progress.stop();
  }
}

/** Notes what was found for `stow`; after a check of packages, which comes right before they leave, it is offered. */
async function noteFindings(
  host: Host,
  report: Report,
  settings: Settings,
  packages: readonly string[] | undefined,
): Promise<void> {
  const { forgetEarlier, offerStow, remember } = await import("./offer.ts");
  if (report.findings.length === 0) forgetEarlier(host);
  else if (packages === undefined) remember(host, { report, packages: [] });
  else offerStow(host, { report, settings, packages });
}
