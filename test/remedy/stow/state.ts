import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import path from "node:path";
import { noteTree } from "../../helpers/ledger.ts";
import type { Repo } from "../../helpers/repo.ts";

function entryOf(file: string): string {
  const entry = lstatSync(file);
  const mode = (entry.mode & 0o7777).toString(8);
  if (entry.isSymbolicLink()) return `${mode} ${readlinkSync(file)}`;
  return entry.isFile() ? `${mode} ${createHash("sha256").update(readFileSync(file)).digest("hex")}` : mode;
}

/** Files of a work tree with modes and digests, and the entries of its index with their flags. */
export async function stateOf(repo: Repo): Promise<{ tree: Record<string, string>; index: string }> {
  const names = readdirSync(repo.dir, { recursive: true, encoding: "utf8" }).filter(
    (name) => name !== ".git" && !name.startsWith(`.git${path.sep}`),
  );
  const tree = Object.fromEntries(names.toSorted().map((name) => [name, entryOf(path.join(repo.dir, name))]));
  const { stdout } = await repo.git("ls-files", "-s", "-v");
  return { tree, index: stdout };
}

/** Notes all that the tool has written in a repository, for the search for planted values. */
export function noteWritten(repo: Repo): void {
  noteTree("state in the git directory", path.join(repo.dir, ".git/stowaway"));
}
