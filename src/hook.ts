import { readFileSync, writeSync } from "node:fs";
import { settingsOfIndex } from "./config/staged.ts";
import { KnownError } from "./model/errors.ts";
import { scan } from "./pipeline.ts";
import { takeApart } from "./source/git/list.ts";
import { listIndex, openIndex } from "./source/git/staged.ts";
import type { StagedIndex } from "./source/git/staged.ts";
import type { Report } from "./model/finding.ts";
import type { Settings } from "./model/settings.ts";

/**
 * The staged check of the git hook: the shim lists the index while Node starts, and pipes it in. Nothing but the scan
 * itself is loaded before something is found, which keeps a clean commit a few milliseconds from a bare Node.
 */
const PLACE = { cwd: process.cwd(), env: process.env };
const SCOPE = { kind: "staged", target: "the next commit", mode: "exact" } as const;

/** What is said where nothing better can be. */
const LOST =
  "stowaway: it failed for a reason of its own, so the commit is stopped; install stowaway again, and report it if that does not help";

const now = (): number => performance.now();

/** One line to standard error at once; the stream objects of Node cost 2 ms. */
function say(line: string): void {
  try {
    writeSync(2, `${line}\n`);
  } catch (error) {
    // A closed or full pipe takes nothing away from the answer.
    if (!(error instanceof Error && "code" in error && (error.code === "EPIPE" || error.code === "EAGAIN")))
      throw error;
  }
}

async function check(): Promise<number> {
  const listing = takeApart(readFileSync(0));
  if (listing === null) {
    say("stowaway: git could not list what is staged, so nothing was checked and the commit is stopped");
    say("  hint: run `git status`; what git said stands above");
    return 3;
  }
  const index = openIndex(PLACE, listing);
  if (index.entries.length === 0) {
    say("0 findings: nothing is staged");
    return 0;
  }
  const { report, settings } = await scanIndex(index);
  if (report.findings.length + report.errors.length + report.skipped.length === 0) {
    say(`0 findings in ${report.files} ${report.files === 1 ? "file" : "files"}, ${report.milliseconds} ms`);
    // All is said, synchronously; winding up what is open (zlib) would take another millisecond.
    process.exit(0);
  }
  const [{ finish, HOOK_VALUES }, { processHost }] = await Promise.all([
    import("./commands/finish.ts"),
    import("./host/host.ts"),
  ]);
  const context = { values: HOOK_VALUES, host: processHost(), settings };
  const answer = await finish(report, context);
  if (answer !== 1) return answer;
  const { offerStow } = await import("./commands/offer.ts");
  const moved = offerStow(context.host, { report, settings, packages: [] });
  if (moved === 130) return moved;
  return moved === 0 ? await checkAgain((again) => finish(again, context)) : answer;
}

async function scanIndex(index: StagedIndex): Promise<{ report: Report; settings: Settings }> {
  const settings = await settingsOfIndex((path) => index.readConfig(path), {});
  const ignores =
    settings.ignorePaths.length === 0
      ? {}
      : { ignores: (await import("./source/ignore.ts")).ignoring(settings.ignorePaths) };
  const events = index.events(settings.limits.fileBytes);
  const report = await scan(events, { scope: SCOPE, settings, engine: "v8", now, ...ignores });
  index.close();
  return { report, settings };
}

/** What the commit would record now that secrets were moved. It is stopped all the same, unless the hook is told not to. */
async function checkAgain(finish: (report: Report) => Promise<number>): Promise<number> {
  const { report } = await scanIndex(openIndex(PLACE, await listIndex(PLACE, [])));
  const answer = await finish(report);
  if (answer !== 0) return answer;
  if (process.argv.includes("--continue")) {
    say("stowaway: fixed and restaged; the commit goes on");
    return 0;
  }
  // With -a, -p or a PATH, git throws the index away that it had made for this commit.
  const partial = process.env["GIT_INDEX_FILE"]?.endsWith(".lock") === true;
  say(
    `stowaway: fixed and restaged; look at it (git diff ${partial ? "HEAD" : "--cached"}), and commit again`,
  );
  return 1;
}

/** What went wrong, in words; the words may be what is missing. */
async function reportProblem(error: unknown): Promise<void> {
  try {
    const { describeError } = await import("./host/problem.ts");
    for (const line of describeError(error, process.env["STOWAWAY_VERBOSE"] === "1")) say(line);
  } catch {
    say(LOST);
  }
}

// Whatever goes wrong before there is an answer must not look clean.
process.exitCode = 3;
// Node would print the code round the error, and answer 1. A promise that nobody awaited ends here too.
process.on("uncaughtException", () => {
  say(LOST);
  process.exit(3);
});
check()
  .then((code) => (process.exitCode = code))
  .catch(async (error: unknown) => {
    await reportProblem(error);
    // At once: a git that is still waiting for requests would keep us alive.
    process.exit(error instanceof KnownError ? error.exitCode : 3);
  });
