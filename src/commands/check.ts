import { lstatSync } from "node:fs";
import path from "node:path";
import { SCAN_EXIT_CODES } from "./options.ts";
import type { Command, Context, Options } from "./options.ts";
import { flagsOf, isSkipped, SCAN_OPTIONS, scanAndFinish, settingsFor, topOf } from "./scanning.ts";
import { settingsOfIndex } from "../config/staged.ts";
import type { Host } from "../host/host.ts";
import { UsageError } from "../model/errors.ts";
import { ExitCode } from "../model/exit-code.ts";
import type { Scope } from "../model/finding.ts";
import type { SourceEvent } from "../model/item.ts";
import type { Settings } from "../model/settings.ts";
import { listIndex, openIndex, unknownTo } from "../source/git/staged.ts";
import { readInput } from "../source/stdin.ts";
import { tree } from "../source/tree.ts";

const options = {
  staged: { type: "boolean", description: "of the PATHs, scan what is staged, not the files on disk" },
  stdin: { type: "boolean", description: "scan standard input" },
  "stdin-name": { type: "string", value: "NAME", description: "the path that standard input stands for" },
  ...SCAN_OPTIONS,
} as const satisfies Options;

type CheckContext = Context<typeof options>;

export default {
  name: "check",
  summary: "scans what the next commit would record, or files and folders",
  usage: ["[check]", "check PATH…", "check --staged PATH…", "check --stdin [--stdin-name NAME]"],
  description: [
    "Without a PATH it reads the index, as a commit would record it, and reports what the lines that are new in it hold. " +
      "A PATH is read from the disk, whole; a folder stands for all below it. " +
      "In a hook of git (where GIT_INDEX_FILE is set), and with --staged, it reads the staged version of a PATH that git knows.",
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
    if (isSkipped(host)) return ExitCode.clean;
    if (values.stdin && (positionals.length > 0 || values.staged))
      throw new UsageError("too-many-sources", "--stdin stands alone: no PATH and no --staged beside it");
    if (values["stdin-name"] !== undefined && !values.stdin)
      throw new UsageError("missing-option", "--stdin-name needs --stdin");
    if (values.stdin) return await checkInput(context);
    if (positionals.length === 0) return await checkIndex(context, []);
    const inCommit = (host.env["GIT_INDEX_FILE"] ?? "") !== "";
    if (!values.staged && !inCommit) return await checkPaths(context);
    const unknown = await unknownTo({ cwd: host.cwd, env: host.env }, positionals);
    if (values.staged) requireOnDisk(unknown, host.cwd);
    // What a hook names and git does not know (the message of the commit, say) is read all the same.
    else if (unknown.length === positionals.length) return await checkPaths(context);
    return await checkIndex(context, values.staged ? [] : unknown);
  },
} satisfies Command<typeof options>;

/** A file that is there and has nothing staged is no mistake; a name of nothing is one. */
function requireOnDisk(names: readonly string[], cwd: string): void {
  const wrong = names.find(
    (name) => lstatSync(path.resolve(cwd, name), { throwIfNoEntry: false }) === undefined,
  );
  if (wrong !== undefined)
    throw new UsageError("no-such-path", "there is no such file, neither staged nor on the disk", {
      path: wrong,
      hint: "check the path; it is relative to the working folder",
    });
}

/** @param fromDisk those of the PATHs that are not looked up in the index */
async function checkIndex(
  { values, positionals, host }: CheckContext,
  fromDisk: readonly string[],
): Promise<ExitCode> {
  const place = { cwd: host.cwd, env: host.env };
  const staged = positionals.filter((name) => !fromDisk.includes(name));
  const index = openIndex(place, await listIndex(place, staged));
  try {
    const settings =
      values.config === undefined
        ? await settingsOfIndex((name) => index.readConfig(name), flagsOf(values))
        : await settingsFor(host.cwd, host.cwd, values);
    const scope: Scope = { kind: "staged", target: "the next commit", mode: "exact" };
    const events = index.events(settings.limits.fileBytes);
    const others = fromDisk.length === 0 ? [] : [filesOf(fromDisk, host, settings)];
    return await scanAndFinish(values, host, { scope, settings, events: join(events, ...others) });
  } finally {
    index.close();
  }
}

async function* join(...parts: readonly AsyncIterable<SourceEvent>[]): AsyncGenerator<SourceEvent> {
  for (const part of parts) yield* part;
}

function filesOf(names: readonly string[], host: Host, settings: Settings): AsyncIterable<SourceEvent> {
  const paths = names.map((name) => path.resolve(host.cwd, name));
  return tree(paths, { root: topOf(host.cwd, host), limit: settings.limits.fileBytes });
}

async function checkPaths({ values, positionals, host }: CheckContext): Promise<ExitCode> {
  const settings = await settingsFor(host.cwd, topOf(host.cwd, host), values);
  const scope: Scope = { kind: "paths", target: positionals.join(" "), mode: "exact" };
  const events = filesOf(positionals, host, settings);
  return await scanAndFinish(values, host, { scope, settings, events });
}

async function checkInput({ values, host }: CheckContext): Promise<ExitCode> {
  const settings = await settingsFor(host.cwd, topOf(host.cwd, host), values);
  const name = values["stdin-name"];
  const scope: Scope = { kind: "stdin", target: name ?? "standard input", mode: "exact" };
  const events = readInput(host.stdin, name, settings.limits.fileBytes);
  return await scanAndFinish(values, host, { scope, settings, events });
}
