import { chmodSync } from "node:fs";
import path from "node:path";
import { base, stage } from "./commit-row.ts";
import type { Row } from "./commit-row.ts";

/** What is new in a commit, what is not, and what git could be told to hide. */
export const NEWNESS_ROWS: readonly Row[] = [
  {
    name: "intent to add",
    outcome: "passes",
    act: async (repo, leak) => {
      await stage(repo, { "b.js": "export {};\n" });
      repo.write({ "leak.js": leak });
      await repo.git("add", "-N", "leak.js");
    },
  },
  ...["stowaway.config.json", "package.json", "pyproject.toml"].map((name): Row => ({
    name: `intent to add ${name}`,
    outcome: "passes",
    act: async (repo) => {
      await stage(repo, { "b.js": "export {};\n" });
      repo.write({ [name]: "{}" });
      await repo.git("add", "-N", name);
    },
  })),
  {
    name: "ignorePaths in another case",
    outcome: "blocked",
    act: async (repo, leak) =>
      await stage(repo, { "stowaway.config.json": '{ "ignorePaths": ["SRC/"] }', "src/a.js": leak }),
  },
  {
    name: "deletion of a leak",
    outcome: "passes",
    base: { ...base, "leak.js": "LEAK" },
    act: async (repo) => {
      await repo.git("rm", "-q", "leak.js");
    },
  },
  {
    name: "mode change alone",
    outcome: "passes",
    base: { ...base, "leak.js": "LEAK" },
    act: async (repo) => {
      chmodSync(path.join(repo.dir, "leak.js"), 0o755);
      await repo.git("add", "-A");
    },
  },
  {
    name: "pure rename of a committed leak",
    outcome: "passes",
    base: { ...base, "leak.js": "LEAK" },
    act: async (repo) => {
      await repo.git("mv", "leak.js", "moved.js");
    },
  },
  {
    name: "edit beside a committed leak",
    outcome: "passes",
    base: { ...base, "leak.js": "LEAK" },
    act: async (repo, leak) => await stage(repo, { "leak.js": `${leak}export const b = 2;\n` }),
  },
  {
    name: "a second copy of a committed leak",
    outcome: "blocked",
    base: { ...base, "leak.js": "LEAK" },
    act: async (repo, leak) => await stage(repo, { "leak.js": `${leak}other(${leak.trim()})\n` }),
  },
  {
    name: "allow comment",
    outcome: "passes",
    act: async (repo, leak) =>
      await stage(repo, { "a.js": `${leak.trim()} // stowaway:allow -- a test value\n` }),
  },
  {
    name: "allow comment for another rule",
    outcome: "blocked",
    act: async (repo, leak) =>
      await stage(repo, { "a.js": `${leak.trim()} // stowaway:allow npm-access-token\n` }),
  },
  {
    name: "replaced object",
    outcome: "blocked",
    act: async (repo, leak) => {
      await stage(repo, { "a.js": leak, "calm.js": "export {};\n" });
      const id = async (name: string): Promise<string> =>
        (await repo.git("rev-parse", `:${name}`)).stdout.trim();
      await repo.git("replace", await id("a.js"), await id("calm.js"));
    },
  },
  {
    name: "index listed by a stale GIT_EXTERNAL_DIFF",
    outcome: "blocked",
    env: () => ({ GIT_EXTERNAL_DIFF: "true", GIT_DIFF_OPTS: "-u0", GIT_PAGER: "false" }),
    act: async (repo, leak) => await stage(repo, { "a.js": leak }),
  },
  {
    name: "object that is missing",
    outcome: "incomplete",
    says: /not in this clone/,
    act: async (repo) => {
      await stage(repo, { "b.js": "export {};\n" });
      const missing = "1".repeat(40);
      await repo.git("update-index", "--add", "--cacheinfo", `100644,${missing},gone.js`);
    },
  },
  { name: "nothing but an empty commit", outcome: "passes", act: () => undefined, commit: ["--allow-empty"] },
  {
    name: "amend of a commit that held the leak already",
    outcome: "passes",
    base: { ...base, "leak.js": "LEAK" },
    act: async (repo) => await stage(repo, { "b.js": "export {};\n" }),
    commit: ["--amend"],
  },
  {
    name: "SKIP=stowaway",
    outcome: "passes",
    says: /skipped/,
    env: () => ({ SKIP: "eslint,stowaway" }),
    act: async (repo, leak) => await stage(repo, { "a.js": leak }),
  },
  {
    name: "SKIP of another hook",
    outcome: "blocked",
    env: () => ({ SKIP: "not-stowaway" }),
    act: async (repo, leak) => await stage(repo, { "a.js": leak }),
  },
];
