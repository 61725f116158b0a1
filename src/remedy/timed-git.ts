import { gitServer } from "../host/plumbing.ts";
import type { GitPlace } from "../host/plumbing.ts";
import { IncompleteError } from "../model/errors.ts";

/** What a git command wrote until its end, or until the time was over. */
export interface TimedAnswer {
  readonly stdout: Buffer;
  readonly complete: boolean;
}

/**
 * Runs a git command that may take long on a large repository.
 *
 * @param input its standard input
 * @param time milliseconds; then it is stopped
 * @throws IncompleteError where it fails
 */
export async function timedGit(
  place: GitPlace,
  args: readonly string[],
  { input, time }: { readonly input: Buffer; readonly time: number },
): Promise<TimedAnswer> {
  const server = gitServer(place, args);
  const chunks: Buffer[] = [];
  server.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  server.stderr.resume();
  // One that is stopped reads no more.
  server.stdin.on("error", () => undefined);
  server.stdin.end(input);
  let stopped = false;
  const timer = setTimeout(
    () => {
      stopped = true;
      server.kill("SIGKILL");
    },
    Math.max(time, 0),
  );
  const code = await new Promise<number | null>((resolve, reject) => {
    server.on("error", reject);
    server.on("close", resolve);
  });
  clearTimeout(timer);
  if (!stopped && code !== 0)
    throw new IncompleteError("git-failed", "git cannot walk the history", {
      hint: "See what git fsck says.",
    });
  return { stdout: Buffer.concat(chunks), complete: !stopped };
}
