import { realpath } from "node:fs/promises";
import { join, resolve } from "node:path";
import { findUpwards, readManifest } from "./manifest-file.ts";
import { belongsToClone, isInside } from "./ownership.ts";
import type { WorkTree } from "./ownership.ts";
import { isBound } from "./trust.ts";
import type { Environment } from "../host/host.ts";
import { git } from "../host/plumbing.ts";
import { IncompleteError, UsageError } from "../model/errors.ts";
import { MANIFEST_FILE } from "../model/manifest.ts";
import type { Manifest } from "../model/manifest.ts";

/** Where a command works. */
export interface ProjectPlace {
  /** Absolute. */
  readonly cwd: string;
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
}

/** A work tree whose secrets are kept somewhere else. */
export interface Project extends ProjectPlace {
  /** Absolute; top of the work tree. Without git: the manifest's folder, else the working folder. */
  readonly top: string;
  /** Absolute, links resolved; the git directory, of a linked worktree that of the main one. Null without git. */
  readonly commonDir: string | null;
  /** Whether the work tree belongs to that git directory by where it lies (`belongsToClone`). */
  readonly owned: boolean;
  /** Whether the working folder is in this work tree, and in no other repository. */
  readonly inside: boolean;
  /** Null where there is none yet. */
  readonly manifest: Manifest | null;
  /** The manifest's text, for `addToManifest`; null where there is none. */
  readonly manifestText: string | null;
  /** Absolute; where the manifest is, or would be. */
  readonly manifestPath: string;
  /**
   * Whether the manifest's project id was bound to this clone on this machine, and the working folder is in it. False
   * without a manifest or git.
   */
  readonly bound: boolean;
}

/**
 * Looks for the project that a folder is in.
 *
 * @throws UsageError where the manifest is broken, a link or too large; IncompleteError where it or git cannot be read
 */
export async function findProject({ cwd, env, platform }: ProjectPlace): Promise<Project> {
  const tree = await readTree({ cwd, env });
  const found = tree === null ? await findUpwards(cwd) : await readManifest(tree.top);
  const top = tree?.top ?? found?.folder ?? cwd;
  const [owned, inside] =
    tree === null ? [false, true] : await Promise.all([belongsToClone(tree), isInside(tree.top, cwd)]);
  const commonDir = tree?.commonDir ?? null;
  const place = { cwd, env, platform, top, commonDir, owned, inside };
  const manifest = found?.manifest ?? null;
  const bound = await isBoundIn(place, manifest);
  const manifestPath = join(top, MANIFEST_FILE);
  return { ...place, manifest, manifestText: found?.text ?? null, manifestPath, bound };
}

async function isBoundIn(
  place: Pick<Project, "commonDir" | "env" | "inside" | "owned" | "platform" | "top">,
  manifest: Manifest | null,
): Promise<boolean> {
  const { commonDir } = place;
  if (manifest === null || commonDir === null || !place.inside) return false;
  return await isBound({ ...place, commonDir, projectId: manifest.projectId });
}

const QUESTIONS = ["--show-toplevel", "--git-common-dir", "--absolute-git-dir"] as const;

async function readTree(place: Pick<ProjectPlace, "cwd" | "env">): Promise<WorkTree | null> {
  try {
    const lines = ask(place, QUESTIONS).split("\n");
    // A folder's name may hold a line end.
    const [top = "", commonDir = "", gitDir = ""] =
      lines.length === QUESTIONS.length ? lines : QUESTIONS.map((question) => ask(place, [question]));
    return { top, gitDir, commonDir: await realpath(resolve(place.cwd, commonDir)) };
  } catch (error) {
    if (error instanceof UsageError && error.code === "not-a-repository") return null;
    if (error instanceof IncompleteError && error.message.includes("must be run in a work tree")) return null;
    throw error;
  }
}

function ask(place: Pick<ProjectPlace, "cwd" | "env">, question: readonly string[]): string {
  return git(place, ["rev-parse", ...question])
    .toString()
    .replace(/\r?\n$/, "");
}
