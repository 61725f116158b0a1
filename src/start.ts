/** Node versions that can run us, as in `engines` of package.json. */
function isSupported(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
}

async function run(argv: readonly string[]): Promise<void> {
  const [{ main }, { processHost }] = await Promise.all([import("./main.ts"), import("./host/host.ts")]);
  process.exitCode = await main(argv, processHost());
}

/**
 * Starts the program in this process. Standard output drains by itself, since the process is not ended but ends.
 *
 * @param argv arguments after the program's name
 */
export function start(argv: readonly string[]): void {
  // Should the event loop run dry before there is an answer, that must not look like a clean scan.
  process.exitCode = 3;
  if (!isSupported(process.versions.node)) {
    process.stderr.write(
      `stowaway: needs Node 20.19 or newer (not 21), or 22.12 or newer; this is ${process.versions.node}\n` +
        "  hint: Install a current Node, or run stowaway with one.\n",
    );
    return;
  }
  // A failure here is one of loading the program's own files; main answers everything else.
  run(argv).catch((error: unknown) => {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    process.stderr.write(
      `stowaway: the program's own files cannot be loaded (${code})\n  hint: Install it again.\n`,
    );
  });
}
