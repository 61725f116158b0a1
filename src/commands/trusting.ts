import type { Host } from "../host/host.ts";
import { UsageError } from "../model/errors.ts";
import { MANIFEST_FILE } from "../model/manifest.ts";
import type { Manifest } from "../model/manifest.ts";
import { escapeText } from "../report/escape.ts";
import type { Project } from "../vault/project.ts";
import { bind, isBound, otherClones } from "../vault/trust.ts";

/** A project with a manifest, in a clone. */
export type FoundProject = Project & {
  readonly manifest: Manifest;
  readonly manifestText: string;
  readonly commonDir: string;
};

/** One that this clone is trusted with. */
export type TrustedProject = FoundProject & { readonly bound: true };

/**
 * The project, if it has a manifest in a git repository.
 *
 * @throws UsageError where there is none
 */
export function requireManifest(project: Project): FoundProject {
  const { manifest, manifestText, commonDir, top, inside } = project;
  if (manifest === null || manifestText === null)
    throw new UsageError("no-manifest", `there is no ${MANIFEST_FILE} here, so no secret is stowed yet`, {
      path: top,
      hint: "stowaway stow moves secrets that were found; stowaway secrets set NAME takes one in.",
    });
  if (commonDir === null)
    throw new UsageError("no-repository", "this is no git repository, so it cannot be told from a copy", {
      path: top,
      hint: "Set the variables themselves, or work in a clone.",
    });
  if (!inside)
    throw new UsageError(
      "outside-work-tree",
      "git takes another work tree than the one that this folder is in",
      {
        path: top,
        hint: "Change into that one, or unset GIT_DIR and GIT_WORK_TREE.",
      },
    );
  return { ...project, manifest, manifestText, commonDir };
}

/**
 * Sees to it that the project's id is bound to this clone, before anything of it is handed out: asks on a terminal where
 * it is not.
 *
 * @throws UsageError where there is no manifest, or where the clone is not bound and nobody says yes; it names
 *   `stowaway trust`
 */
export async function requireTrust(host: Host, project: Project): Promise<TrustedProject> {
  const found = requireManifest(project);
  if (!found.bound && !(await askTrust(host, found))) throw notTrusted(found);
  return { ...found, bound: true };
}

/**
 * Sees to it that a project whose id stands in a journal is bound to this clone, before its values are handed out again.
 * The journal is found by way of the git directory, which any folder can name.
 *
 * @throws UsageError where it is not
 */
export async function requireBinding(project: Project, projectId: string): Promise<void> {
  const { commonDir, inside } = project;
  if (commonDir === null || !inside || !(await isBound({ ...project, commonDir, projectId })))
    throw notTrusted(project);
}

function notTrusted({ top }: Project): UsageError {
  return new UsageError("not-trusted", "this clone is not bound to its project, so nothing is handed out", {
    path: top,
    hint: "If you trust this repository, run: stowaway trust",
  });
}

/** Asks whether the clone is trusted, and binds it then. @returns false without a terminal too */
async function askTrust(host: Host, project: FoundProject): Promise<boolean> {
  const { askYesNo, canAsk } = await import("../host/prompt.ts");
  if (!canAsk(host)) return false;
  host.stderr.write(`${await describeProject(project)}\n`);
  // Return alone must not trust a stranger's repository.
  if (!(await askYesNo("Trust this clone with the secrets of this project?", false))) return false;
  await bind({ ...project, projectId: project.manifest.projectId });
  return true;
}

/** Lines that say what is about to be trusted. */
export async function describeProject(project: FoundProject): Promise<string> {
  const { manifest, top } = project;
  const names = Object.keys(manifest.secrets);
  const shown = names.slice(0, 10).join(", ");
  const more = names.length > 10 ? ` and ${names.length - 10} more` : "";
  const others = project.bound ? [] : await boundElsewhere(project);
  return [
    `project  ${manifest.projectId}`,
    `clone    ${escapeText(top)}`,
    `names    ${names.length === 0 ? "none yet" : `${shown}${more}`}`,
    ...others.map((other) => `trusted  ${escapeText(other)} already`),
    ...(others.length === 0
      ? []
      : [
          "warning: this project has a trusted clone on this machine. Is this one your own too, and no copy of its id?",
        ]),
  ].join("\n");
}

/** Tops of other clones on this machine that are trusted with the same project. */
export async function boundElsewhere(project: FoundProject): Promise<readonly string[]> {
  return await otherClones({ ...project, projectId: project.manifest.projectId });
}
