import { chmodSync, existsSync, lstatSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { KnownError } from "../../../src/model/errors.ts";
import { applyChanges } from "../../../src/setup/apply.ts";
import { describeChanges, describeEffect } from "../../../src/setup/describe.ts";
import { MANIFEST, plan, repository, setUp, withHusky } from "./set-up.ts";

describe("writing", () => {
  test("keeps permissions, and leaves nothing beside the files", async () => {
    const repo = await repository({ "package.json": MANIFEST });
    chmodSync(path.join(repo.dir, "package.json"), 0o600);
    const { changes } = await plan(repo);
    applyChanges(changes);
    expect(statSync(path.join(repo.dir, "package.json")).mode & 0o777).toBe(0o600);
    const { stdout } = await repo.git("status", "--porcelain", "--ignored");
    expect(stdout).toBe("?? node_modules/\n?? package.json\n");
  });

  test("writes nothing where a file changed meanwhile", async () => {
    const repo = await repository({ "package.json": MANIFEST });
    const { changes } = await plan(repo);
    repo.write({ "package.json": "{}" });
    expect(() => applyChanges(changes)).toThrow(KnownError);
    expect(existsSync(path.join(repo.dir, ".git/hooks/pre-commit"))).toBe(false);
    expect(readFileSync(path.join(repo.dir, "package.json"), "utf8")).toBe("{}");
  });

  test("takes a moved hook back where a later file cannot be written", async () => {
    const repo = await repository({
      "package.json": MANIFEST,
      ".git/hooks/pre-commit": "#!/usr/bin/env node\n",
    });
    chmodSync(path.join(repo.dir, ".git/hooks/pre-commit"), 0o755);
    const { changes } = await plan(repo);
    const last = changes.at(-1);
    repo.write({ [`package.json.stowaway-${process.pid}`]: "in the way" });
    expect(last?.name).toBe("package.json");
    expect(() => applyChanges(changes)).toThrow(KnownError);
    expect(readFileSync(path.join(repo.dir, ".git/hooks/pre-commit"), "utf8")).toBe("#!/usr/bin/env node\n");
    expect(
      lstatSync(path.join(repo.dir, ".git/hooks/stowaway-chained"), { throwIfNoEntry: false }),
    ).toBeUndefined();
  });

  test("keeps a hook that may only be read as it is, but for the block", async () => {
    const repo = await repository({ ".git/hooks/pre-commit": "#!/bin/sh\necho before\n" });
    chmodSync(path.join(repo.dir, ".git/hooks/pre-commit"), 0o555);
    const { said } = await setUp(repo);
    expect(said).toBe("before\nchecked\n");
    expect(statSync(path.join(repo.dir, ".git/hooks/pre-commit")).mode & 0o777).toBe(0o555);
  });

  test("shows the user's own lines by their number only", async () => {
    const repo = await repository({ ".husky/pre-commit": "TOKEN=abc\nmake\n" });
    await withHusky(repo, ".husky");
    const planned = await plan(repo);
    const shown = describeChanges(planned.changes);
    expect(shown.map((line) => line.text).join("\n")).not.toContain("abc");
    expect(shown[0]).toEqual({ kind: "file", text: ".husky/pre-commit" });
    expect(shown.slice(1, 6)).toEqual([
      {
        kind: "+",
        text: "# >>> stowaway 1 (your lines stand in parentheses, so that the check runs after them)",
      },
      { kind: "+", text: "(" },
      { kind: "+", text: "# <<< stowaway" },
      { kind: " ", text: "(2 lines stay)" },
      { kind: "+", text: "# >>> stowaway 1 (written by stowaway init)" },
    ]);
    expect(describeEffect(planned)).toBe("husky runs stowaway before every commit (.husky/pre-commit)");
  });
});
