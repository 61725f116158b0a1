import path from "node:path";
import { finish } from "./finish.ts";
import { SCAN_EXIT_CODES } from "./options.ts";
import type { Command, Context, Options } from "./options.ts";
import { readConfig } from "../config/read.ts";
import { settle } from "../config/settle.ts";
import { skipVariable } from "../config/skip.ts";
import { settingsOfIndex } from "../config/staged.ts";
import { git } from "../host/plumbing.ts";
import { startProgress } from "../host/progress.ts";
import { UsageError } from "../model/errors.ts";
import { ExitCode } from "../model/exit-code.ts";
import type { Report, Scope } from "../model/finding.ts";
import type { SourceEvent } from "../model/item.ts";
import { SEVERITIES } from "../model/rule.ts";
import type { Settings } from "../model/settings.ts";
import { scan } from "../pipeline.ts";
import { escapeText } from "../report/escape.ts";
import { listIndex, openIndex } from "../source/git/staged.ts";
import { ignoring } from "../source/ignore.ts";
import { readInput } from "../source/stdin.ts";
import { tree } from "../source/tree.ts";

const options = {
  staged: { type: "boolean", description: "of the PATHs, scan what is staged, not the files on disk" },
  stdin: { type: "boolean", description: "scan standard input" },
  "stdin-name": { type: "string", value: "NAME", description: "the path that standard input stands for" },
  "fail-on": {
    type: "string",
    value: "SEVERITY",
    choices: SEVERITIES,
    description: "findings of this severity or worse block (default: medium)",
  },
  strict: { type: "boolean", description: "take no notice of allow comments" },
} as const satisfies Options;

type CheckContext = Context<typeof options>;

export default {
  name: "check",
  summary: "scans what the next commit would record, or files and folders",
  usage: ["[check]", "check PATH…", "check --staged PATH…", "check --stdin [--stdin-name NAME]"],
  description: [
    "Without a PATH it reads the index, as a commit would record it, and reports what the lines that are new in it hold. " +
      "A PATH is read from the disk, whole; a folder stands for all below it.",
    "A comment `stowaway:allow` on the line accepts a finding. SKIP=stowaway or STOWAWAY_SKIP=1 passes over the check.",
  ],
  options,
  examples: [
    { command: "stowaway", says: "would the next commit leak?" },
    { command: "stowaway check src config.json", says: "whole files and folders, as they lie on the disk" },
    { command: "stowaway check --format json", says: "the same for a program" },
    { command: "kubectl get secret x -o yaml | stowaway check --stdin", says: "what another program prints" },
  ],
  exitCodes: SCAN_EXIT_CODES,
  async run(context: CheckContext): Promise<ExitCode> {
    const { values, positionals, host } = context;
    const skip = skipVariable(host.env);
    if (skip !== null) {
      host.stderr.write(`stowaway: skipped, because ${skip} says so\n`);
      return ExitCode.clean;
    }
    if (values.stdin && (positionals.length > 0 || values.staged))
      throw new UsageError("too-many-sources", "--stdin stands alone: no PATH and no --staged beside it");
    if (values["stdin-name"] !== undefined && !values.stdin)
      throw new UsageError("missing-option", "--stdin-name needs --stdin");
    if (values.stdin) return await checkInput(context);
    return positionals.length > 0 && !values.staged ? await checkPaths(context) : await checkIndex(context);
  },
} satisfies Command<typeof options>;

/** Top folder of the work tree round a folder; the folder itself outside a repository. */
function topOf({ host }: CheckContext): string {
  try {
    return (
      git({ cwd: host.cwd, env: host.env }, ["rev-parse", "--show-toplevel"])
        .toString()
        .replace(/\r?\n$/, "") || host.cwd
    );
  } catch {
    // No repository, a bare one, or no git: files can be read all the same.
    return host.cwd;
  }
}

async function settled(context: CheckContext, top: string): Promise<Settings> {
  const { values, host } = context;
  const found = await readConfig(host.cwd, top, values.config);
  return settle({ failOn: values["fail-on"], strict: values.strict }, found?.config ?? {});
}

async function report(
  { values, host }: CheckContext,
  scope: Scope,
  settings: Settings,
  events: AsyncIterable<SourceEvent>,
): Promise<Report> {
  const progress = startProgress(host, values.quiet);
  const ignores = settings.ignorePaths.length === 0 ? {} : { ignores: ignoring(settings.ignorePaths) };
  try {
    return await scan(events, {
      scope,
      settings,
      now: () => host.now(),
      onProgress: (files, name) => progress.update(`${files} files: ${escapeText(name)}`),
      ...ignores,
    });
  } finally {
    progress.stop();
  }
}

async function checkIndex(context: CheckContext): Promise<ExitCode> {
  const { values, positionals, host } = context;
  const place = { cwd: host.cwd, env: host.env };
  const index = openIndex(place, await listIndex(place, positionals));
  try {
    const flags = { failOn: values["fail-on"], strict: values.strict };
    const settings =
      values.config === undefined
        ? await settingsOfIndex((name) => index.readConfig(name), flags)
        : await settled(context, host.cwd);
    const scope: Scope = { kind: "staged", target: "the next commit", mode: "exact" };
    return await finish(await report(context, scope, settings, index.events(settings.limits.fileBytes)), {
      values,
      host,
      settings,
    });
  } finally {
    await index.close();
  }
}

async function checkPaths(context: CheckContext): Promise<ExitCode> {
  const { values, positionals, host } = context;
  const top = topOf(context);
  const settings = await settled(context, top);
  const paths = positionals.map((name) => path.resolve(host.cwd, name));
  const scope: Scope = { kind: "paths", target: positionals.join(" "), mode: "exact" };
  const events = tree(paths, { root: top, limit: settings.limits.fileBytes });
  return await finish(await report(context, scope, settings, events), { values, host, settings });
}

async function checkInput(context: CheckContext): Promise<ExitCode> {
  const { values, host } = context;
  const settings = await settled(context, topOf(context));
  const name = values["stdin-name"];
  const scope: Scope = { kind: "stdin", target: name ?? "standard input", mode: "exact" };
  const events = readInput(host.stdin, name, settings.limits.fileBytes);
  return await finish(await report(context, scope, settings, events), { values, host, settings });
}
