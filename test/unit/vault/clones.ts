import { realpathSync, rmSync } from "node:fs";
import { makeRepo } from "../../helpers/repo.ts";
import type { Repo } from "../../helpers/repo.ts";
import { scratch, scrubbed } from "../../helpers/run.ts";
import { findProject } from "../../../src/vault/project.ts";
import type { Project, ProjectPlace } from "../../../src/vault/project.ts";
import { bind } from "../../../src/vault/trust.ts";
import type { Clone } from "../../../src/vault/trust.ts";

export const ID = "00112233445566778899aabbccddeeff";
export const MANIFEST = `{"version":1,"projectId":"${ID}","secrets":{"A":{"from":["keychain"]}}}\n`;

const made: { remove(): void }[] = [];

/** Removes what `repository` and `folder` made. */
export function removeAll(): void {
  for (const each of made.splice(0)) each.remove();
}

/** A repository whose manifest has that id. */
export async function repository(files: Readonly<Record<string, string>> = {}): Promise<Repo> {
  const repo = await makeRepo({ commit: { "stowaway.secrets.json": MANIFEST, ...files } });
  made.push(repo);
  return repo;
}

export function folder(): string {
  const dir = realpathSync(scratch());
  made.push({ remove: () => rmSync(dir, { recursive: true, force: true }) });
  return dir;
}

/** @param more variables */
export function place(cwd: string, home: string, more: Readonly<Record<string, string>> = {}): ProjectPlace {
  return { cwd, env: { ...scrubbed(home), ...more }, platform: "linux" };
}

/** A project in git as what is bound. */
export function cloneOf(project: Project): Clone {
  return { ...project, commonDir: project.commonDir ?? "", projectId: ID };
}

export async function bindHere(where: ProjectPlace): Promise<void> {
  await bind(cloneOf(await findProject(where)));
}

export async function isBoundHere(where: ProjectPlace): Promise<boolean> {
  return (await findProject(where)).bound;
}
