import { readFileSync, writeSync } from "node:fs";
import { settingsOfIndex } from "./config/staged.ts";
import { KnownError } from "./model/errors.ts";
import { scan } from "./pipeline.ts";
import { takeApart } from "./source/git/list.ts";
import { openIndex } from "./source/git/staged.ts";

/**
 * The staged check of the git hook: the shim lists the index while Node starts, and pipes it in. Nothing but the scan
 * itself is loaded before something is found, which keeps a clean commit a few milliseconds from a bare Node.
 */
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
  const index = openIndex({ cwd: process.cwd(), env: process.env }, listing);
  if (index.entries.length === 0) {
    say("0 findings: nothing is staged");
    return 0;
  }
  const settings = await settingsOfIndex((path) => index.readConfig(path), {});
  const ignores =
    settings.ignorePaths.length === 0
      ? {}
      : { ignores: (await import("./source/ignore.ts")).ignoring(settings.ignorePaths) };
  const found = await scan(index.events(settings.limits.fileBytes), {
    scope: SCOPE,
    settings,
    engine: "v8",
    now,
    ...ignores,
  });
  index.close();
  if (found.findings.length + found.errors.length + found.skipped.length === 0) {
    say(`0 findings in ${found.files} ${found.files === 1 ? "file" : "files"}, ${found.milliseconds} ms`);
    // All is said, synchronously; winding up what is open (zlib) would take another millisecond.
    process.exit(0);
  }
  const [{ finish, HOOK_VALUES }, { processHost }] = await Promise.all([
    import("./commands/finish.ts"),
    import("./host/host.ts"),
  ]);
  return await finish(found, { values: HOOK_VALUES, host: processHost(), settings });
}

/** What went wrong, in words; the words may be what is missing. */
async function report(error: unknown): Promise<void> {
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
    await report(error);
    // At once: a git that is still waiting for requests would keep us alive.
    process.exit(error instanceof KnownError ? error.exitCode : 3);
  });
