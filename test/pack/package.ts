import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Generator } from "../../src/rules/example-generator.ts";
import { plant } from "../helpers/ledger.ts";
import { PROJECT, run, runTool, scratch } from "../helpers/run.ts";
import type { Ran } from "../helpers/run.ts";

/** A token that the rules know, never seen before; the tool must not show it. */
export function token(seed: number): string {
  return plant(`ghp_${new Generator(seed).checked()}`);
}

/** A made package in a scratch folder. */
export interface Package {
  readonly dir: string;
  /** Files by path; a content `-> target` makes a link. */
  write(files: Readonly<Record<string, string | Buffer>>): void;
  /** Runs git in it, init included. */
  git(...args: readonly string[]): Promise<Ran>;
  /** Everything that lies in it and is not git's, with git's own view; for comparing before and after. */
  state(): Promise<string>;
  remove(): void;
}

export function makePackage(files: Readonly<Record<string, string | Buffer>>): Package {
  const dir = scratch("stowaway-pack-");
  const write: Package["write"] = (more) => {
    for (const [name, content] of Object.entries(more)) {
      const file = path.join(dir, name);
      mkdirSync(path.dirname(file), { recursive: true });
      if (typeof content === "string" && content.startsWith("-> ")) symlinkSync(content.slice(3), file);
      else writeFileSync(file, content);
    }
  };
  write(files);
  return {
    dir,
    write,
    git: async (...args) => await run("git", args, { cwd: dir }),
    async state() {
      const tracked = existsSync(path.join(dir, ".git"))
        ? (await run("git", ["status", "--porcelain", "--ignored"], { cwd: dir })).stdout
        : "";
      const listed = await run(
        "find",
        [".", "-path", "./.git", "-prune", "-o", "-type", "f", "-exec", "cksum", "{}", "+"],
        { cwd: dir },
      );
      return `${tracked}${listed.stdout.split("\n").toSorted().join("\n")}`;
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** A package.json of a demo package with some more fields. */
export function manifest(more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ name: "demo", version: "1.0.0", ...more }, null, 2);
}

/** What the tool says in JSON, as far as these tests look at it. */
export interface Checked extends Ran {
  readonly scope: { readonly kind: string; readonly mode: string };
  /** `rule container!path`, sorted. */
  readonly found: readonly string[];
  readonly included: readonly (string | null)[];
  readonly errors: readonly { readonly path: string; readonly code: string; readonly message: string }[];
  readonly notes: string;
  readonly files: number;
}

interface Json {
  readonly scope: { readonly kind: string; readonly mode: string };
  readonly summary: { readonly files: number };
  readonly findings: readonly {
    rule: string;
    path: string;
    container: readonly string[];
    included: string | null;
  }[];
  readonly errors: readonly { path: string; code: string; message: string }[];
  readonly notes?: readonly string[];
}

type Options = Parameters<typeof runTool>[1];

/** Runs `check-pack --format json`. */
export async function checkPack(args: readonly string[], options: Options): Promise<Checked> {
  const ran = await runTool(["check-pack", "--format", "json", ...args], options);
  const json: Json =
    ran.stdout === ""
      ? { scope: { kind: "", mode: "" }, summary: { files: 0 }, findings: [], errors: [] }
      : (JSON.parse(ran.stdout) as Json);
  const { scope, findings, errors, notes = [], summary } = json;
  return {
    ...ran,
    scope,
    errors,
    files: summary.files,
    notes: notes.join("\n"),
    found: findings
      .map(({ rule, path: at, container }) => `${rule} ${[...container, at].join("!")}`)
      .toSorted(),
    included: findings.map(({ included }) => included),
  };
}

/** Names that `check-pack --list` prints, without their reasons. */
export async function list(dir: string, args: readonly string[] = []): Promise<readonly string[]> {
  const ran = await runTool(["check-pack", "--list", ...args], { cwd: dir });
  return ran.stdout
    .split("\n")
    .flatMap((line) => line.split("\t")[0]?.split("!").slice(1).join("!") ?? [])
    .filter(Boolean)
    .toSorted();
}

/** A folder with a `check-pack` command that is the built bundle, for a PATH as npm makes it for scripts. */
export function binFolder(): { readonly dir: string; remove(): void } {
  const dir = scratch("stowaway-bin-");
  const file = path.join(dir, "check-pack");
  writeFileSync(
    file,
    `#!/bin/sh\nexec "${process.execPath}" "${path.join(PROJECT, "dist/check-pack.cjs")}" "$@"\n`,
  );
  chmodSync(file, 0o755);
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}
