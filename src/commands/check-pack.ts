import { realpath, stat } from "node:fs/promises";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { deliver } from "./deliver.ts";
import { SCAN_EXIT_CODES } from "./options.ts";
import type { Command, Context, Options } from "./options.ts";
import { isSkipped, SCAN_OPTIONS, scanAndFinish, settingsFor, topOf } from "./scanning.ts";
import { expand } from "../content/expand.ts";
import { makeTempFolder } from "../host/temp.ts";
import { UsageError } from "../model/errors.ts";
import { ExitCode } from "../model/exit-code.ts";
import type { Scope } from "../model/finding.ts";
import type { SourceEvent } from "../model/item.ts";
import type { Rule } from "../model/rule.ts";
import type { Settings } from "../model/settings.ts";
import { escapeJson, escapeText } from "../report/escape.ts";
import { artifacts } from "../source/artifact.ts";
import { packAll } from "../source/pack/index.ts";
import type { PackRun } from "../source/pack/index.ts";
import { ECOSYSTEMS } from "../source/pack/packer.ts";

const options = {
  only: {
    type: "list",
    value: "ECOSYSTEM",
    choices: ECOSYSTEMS,
    description: "look for these kinds of packages only",
  },
  static: { type: "boolean", description: "run nothing: list the files by the packer's rules" },
  list: { type: "boolean", description: "print what would be published and why, and scan nothing" },
  "ignore-scripts": {
    type: "boolean",
    description: "run no lifecycle script of the package (prepack, prepare, …)",
  },
  "no-isolation": {
    type: "boolean",
    description: "build Python packages with what is installed, without a network",
  },
  keep: {
    type: "string",
    value: "DIR",
    description: "copy the artifacts that were scanned to DIR, to publish those",
  },
  ...SCAN_OPTIONS,
} as const satisfies Options;

type PackContext = Context<typeof options>;

/** What the command line asks for. */
interface Request {
  readonly dirs: readonly string[];
  readonly files: readonly string[];
}

export default {
  name: "check-pack",
  summary: "scans what a package would publish, or finished artifacts",
  usage: ["check-pack [DIR…]", "check-pack ARTIFACT…"],
  description: [
    "Of a DIR it packs what npm or a Python front end would publish (into a temporary folder; the user's tree stays as " +
      "it is) and scans those very bytes. Of a member of an npm workspace it scans what npm publish sends from the " +
      "member's folder, and what it sends by path from the root. Lifecycle scripts and builds run as they would at publishing; they are named " +
      "first. Within npm's own scripts it packs what the moment asks for: in postpack it compares its tarball with the " +
      "one that npm is about to upload.",
    "Of an ARTIFACT (.tgz, .whl, .tar.gz, .zip, …) it reads every member, archives in archives too. What kind of " +
      "archive it is, its bytes tell, not its name. Nothing is unpacked to the disk.",
  ],
  options,
  examples: [
    { command: "check-pack", says: "would this package leak?" },
    { command: "check-pack dist/*", says: "the files that twine or uv would upload" },
    { command: "check-pack --list", says: "what would be published, and why" },
    {
      command: "check-pack --keep ../out && npm publish ../out/NAME-VERSION.tgz",
      says: "publishes the very bytes that were scanned",
    },
  ],
  exitCodes: SCAN_EXIT_CODES,
  async run(context: PackContext): Promise<ExitCode> {
    const { values, positionals, host } = context;
    if (isSkipped(host)) return ExitCode.clean;
    const request = await sort(positionals.length === 0 ? ["."] : positionals, host.cwd);
    if (values.static && values.keep !== undefined)
      throw new UsageError("too-many-options", "--static builds nothing that --keep could keep");
    if (values.keep !== undefined) await refuseInside(values.keep, request.dirs, host.cwd);
    const from = request.dirs.length === 1 ? path.resolve(host.cwd, request.dirs[0] ?? "") : host.cwd;
    const settings = await settingsFor(from, topOf(from, host), values);
    const temp = await makeTempFolder();
    try {
      const run = await pack(context, request, settings, temp.path);
      if (run.nested.length > 0 && run.nested.length === request.dirs.length && request.files.length === 0)
        return ExitCode.clean;
      if (values.keep !== undefined) await run.keep(path.resolve(host.cwd, values.keep));
      const events = joined(run.events(), artifacts(request.files, host.cwd, settings.limits));
      if (values.list) return await list(context, settings, run, events);
      const kind = request.dirs.length > 0 ? "pack" : "artifact";
      const scope: Scope = { kind, target: [...request.dirs, ...request.files].join(" "), mode: run.mode };
      const packages = request.dirs.map((dir) => path.resolve(host.cwd, dir));
      const notes = (): readonly string[] => run.notes();
      return await scanAndFinish(values, host, { scope, settings, events, notes, packages });
    } finally {
      await temp.remove();
    }
  },
} satisfies Command<typeof options>;

/** Folders are packed; everything else, also what is not there, is read as an artifact. */
async function sort(paths: readonly string[], cwd: string): Promise<Request> {
  const request: { dirs: string[]; files: string[] } = { dirs: [], files: [] };
  for (const shown of paths) {
    const found = await stat(path.resolve(cwd, shown)).catch(() => null);
    (found?.isDirectory() === true ? request.dirs : request.files).push(shown);
  }
  return request;
}

async function pack(
  { values, host }: PackContext,
  { dirs, files }: Request,
  settings: Settings,
  temp: string,
): Promise<PackRun> {
  const run = await packAll(dirs, values.only, dirs.length + files.length === 1, {
    host,
    temp,
    limits: settings.limits,
    static: values.static,
    ignoreScripts: values["ignore-scripts"],
    isolation: !values["no-isolation"],
    mask: values.verbose ? await lineMask() : null,
  });
  for (const dir of run.nested)
    host.stderr.write(
      `stowaway: ${escapeText(dir)} is being packed by a check-pack further up; nothing to do here\n`,
    );
  return run;
}

async function* joined(...sources: readonly AsyncIterable<SourceEvent>[]): AsyncGenerator<SourceEvent> {
  for (const source of sources) yield* source;
}

/**
 * What is kept in a folder that is packed would be part of the next package.
 *
 * @throws UsageError
 */
async function refuseInside(keep: string, dirs: readonly string[], cwd: string): Promise<void> {
  const target = await realFolder(path.resolve(cwd, keep));
  for (const dir of dirs) {
    const packed = await realpath(path.resolve(cwd, dir));
    if (target === packed || target.startsWith(packed + path.sep))
      throw new UsageError(
        "keep-inside",
        "it lies in a folder that is packed, so the next package would hold it",
        {
          path: keep,
          hint: "Name a folder outside: --keep ../out",
        },
      );
  }
}

/** Real path of a folder that need not be there yet. */
async function realFolder(folder: string): Promise<string> {
  const real = await realpath(folder).catch(() => null);
  const above = path.dirname(folder);
  if (real !== null || above === folder) return real ?? folder;
  return path.join(await realFolder(above), path.basename(folder));
}

/** Masks what looks like a secret in a line that a packer prints, whatever file the rule is for. */
async function lineMask(): Promise<(line: string) => string> {
  const [{ makeDetector }, { regexEngine }, { PREFILTER }, { RULES }] = await Promise.all([
    import("../detect/index.ts"),
    import("../detect/regex.ts"),
    import("../detect/table.ts"),
    import("../rules/index.ts"),
  ]);
  const anywhere = RULES.map((rule): Rule => {
    const { files, ...rest } = rule;
    return files === undefined ? rule : rest;
  });
  const detector = makeDetector(await regexEngine("best"), anywhere, PREFILTER);
  return (line) => {
    // A colour's last letter before a token would make it part of a longer word.
    const bytes = Buffer.from(stripVTControlCharacters(line));
    const document = { path: "output", container: [], bytes, encoding: "utf-8", included: null } as const;
    let shown = "";
    let at = 0;
    for (const { start, end } of detector.detect(document).toSorted((a, b) => a.start - b.start)) {
      if (end <= at) continue;
      if (start >= at) shown += `${bytes.toString("utf8", at, start)}***`;
      at = end;
    }
    return escapeText(shown + bytes.toString("utf8", at));
  };
}

interface Listed {
  readonly container: readonly string[];
  readonly path: string;
  readonly included: string | null;
}

/** What would be published and why, one line a file; as JSON one document. */
async function list(
  { values, host }: PackContext,
  { limits }: Settings,
  run: PackRun,
  events: AsyncIterable<SourceEvent>,
): Promise<ExitCode> {
  let complete = true;
  const files: Listed[] = [];
  for await (const event of events) {
    const inner = event.kind === "item" ? expand(event, limits) : [event];
    for await (const member of inner) {
      if (member.kind === "item") {
        const { container, path: name, included } = member;
        files.push({ container, path: name, included });
      } else if (member.kind === "error") {
        complete = false;
        const hint = member.hint === undefined ? "" : `\n  hint: ${escapeText(member.hint)}`;
        host.stderr.write(`stowaway: ${placeOf(member)}: ${escapeText(member.message)}${hint}\n`);
      }
    }
  }
  const notes = run.notes();
  const text =
    values.format === "json"
      ? `${escapeJson(JSON.stringify({ schema: 1, files, notes, complete }, null, 2))}\n`
      : files.map((file) => `${placeOf(file)}${why(file)}\n`).join("");
  await deliver(text, values, host);
  if (!values.quiet) for (const note of notes) host.stderr.write(`stowaway: ${escapeText(note)}\n`);
  return complete ? ExitCode.clean : ExitCode.incomplete;
}

function placeOf({ container, path: name }: Pick<Listed, "container" | "path">): string {
  return escapeText([...container, name].join("!"));
}

function why({ included }: Listed): string {
  return included === null ? "" : `\t${escapeText(included)}`;
}
