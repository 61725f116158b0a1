import { execFileSync } from "node:child_process";
import { findProgram } from "./interpreters.ts";

/** Debian's packages of interpreters that are small enough to be fetched for the tests. */
const PACKAGES: Readonly<Record<string, string>> = { ruby: "ruby", php: "php-cli" };

/**
 * Rewritten programs are run by the real interpreters. Where some are missing, the machine is Debian and this is root,
 * they are installed; where that fails, the tests of those languages say what is missing.
 */
export default function setup(): void {
  const missing = Object.keys(PACKAGES).filter((name) => findProgram(name) === null);
  if (missing.length === 0 || process.getuid?.() !== 0 || findProgram("apt-get") === null) return;
  const packages = missing.flatMap((name) => PACKAGES[name] ?? []);
  const apt = (...args: readonly string[]): void => {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    execFileSync("apt-get", ["-qq", ...args], { env, stdio: ["ignore", "ignore", "inherit"] });
  };
  try {
    apt("update");
    apt("install", "-y", "--no-install-recommends", ...packages);
  } catch {
    process.stderr.write(`apt-get could not install ${packages.join(" and ")}.\n`);
  }
}
