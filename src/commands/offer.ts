import { spawnSync } from "node:child_process";
import { closeSync } from "node:fs";
import path from "node:path";
import type { Host } from "../host/host.ts";
import { git } from "../host/plumbing.ts";
import { openTerminal } from "../host/terminal-device.ts";
import { KnownError } from "../model/errors.ts";
import { ExitCode } from "../model/exit-code.ts";
import { blocks } from "../model/finding.ts";
import type { Report } from "../model/finding.ts";
import type { Settings } from "../model/settings.ts";
import { removeLastCheck, writeLastCheck } from "../remedy/last-check.ts";
import { openRepository } from "../remedy/repository.ts";
import { ownPackage } from "../setup/own-package.ts";

interface Checked {
  readonly report: Report;
  readonly settings: Pick<Settings, "failOn">;
  /** Folders of the checked packages, absolute. */
  readonly packages: readonly string[];
}

/**
 * Changes what is noted for `stow`. A check is not to fail because that cannot be done (outside of a repository, on a disk
 * that is read-only): stow then makes a check of its own.
 *
 * @returns whether it was done
 */
function noting(change: () => void): boolean {
  try {
    change();
    return true;
  } catch (error) {
    if (error instanceof KnownError || (error as NodeJS.ErrnoException).syscall !== undefined) return false;
    throw error;
  }
}

/**
 * Notes a check's findings for a later `stow`. Outside of a repository, where nothing can be moved, nothing is noted.
 *
 * @returns whether `stow` would find them
 */
export function remember(host: Host, { report, packages }: Omit<Checked, "settings">): boolean {
  return noting(() => {
    const repo = openRepository({ cwd: host.cwd, env: host.env });
    const folders = packages
      .map((folder) => path.relative(repo.top, folder).split(path.sep).join("/"))
      .filter((folder) => !folder.startsWith(".."));
    writeLastCheck(repo.stateDir, report, folders);
  });
}

/** After a check that found nothing, an earlier one is no longer the last. One question to git: most checks end so. */
export function forgetEarlier(host: Host): void {
  noting(() => {
    const place = { cwd: host.cwd, env: host.env };
    const folder = git(place, ["rev-parse", "--git-path", "stowaway"])
      .toString()
      .replace(/\r?\n$/, "");
    removeLastCheck(path.resolve(host.cwd, folder));
  });
}

/**
 * Offers to move what blocks, on the process's own terminal. (Where there is none, the report says how.)
 *
 * @returns what the move answered; null where nobody was asked
 */
export function offerStow(host: Host, checked: Checked): ExitCode | null {
  const { report, settings } = checked;
  const movable = report.findings.some((finding) => blocks(finding, settings.failOn));
  if (!remember(host, checked) || !movable) return null;
  const terminal = openTerminal(host.env);
  if (terminal === null) return null;
  try {
    const program = path.join(ownPackage(), "dist", "bin.cjs");
    const stdio = [terminal, terminal, terminal];
    const env = { ...host.env };
    const { status } = spawnSync(process.execPath, ["--", program, "stow", "--each"], {
      cwd: host.cwd,
      env,
      stdio,
    });
    return (status ?? ExitCode.interrupted) as ExitCode;
  } finally {
    closeSync(terminal);
  }
}
