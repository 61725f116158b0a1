import { chmodSync, linkSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { githubToken } from "../../helpers/samples.ts";
import { emptyScenario, git } from "./scenario.ts";
import type { Scenario } from "./scenario.ts";

/** Writes files of the scenario's repository. */
function writer(folder: string): (files: Readonly<Record<string, string>>) => void {
  return (files) => {
    for (const [name, text] of Object.entries(files)) {
      const file = path.join(folder, "repo", name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  };
}

/** Partly staged, mixed line ends, no final line end, an exec bit, a secret on the disk alone, two new files in a folder. */
export function mixedFiles(): Scenario {
  const folder = emptyScenario();
  const secret = githubToken();
  const write = writer(folder);
  write({ "x.js": "a\nb\nc\n", "d/y.py": "q\n", "w.sh": "z", ".gitignore": "dist" });
  git(folder, "add", ".");
  git(folder, "commit", "-qm", "first");
  write({ "x.js": `a ${secret}\r\nb ${secret}\nc`, "d/y.py": `k='${secret}'\n` });
  chmodSync(path.join(folder, "repo/d/y.py"), 0o755);
  git(folder, "add", ".");
  write({ "x.js": `a ${secret}\r\nb ${secret}\nc changed`, "w.sh": `#!/bin/sh\necho ${secret}\n` });
  const job = {
    paths: ["x.js", "d/y.py", "w.sh"],
    lines: { ".gitignore": "# kept", "new/names.json": "{}" },
  };
  return { name: "mixed files", folder, secret, store: "store/values.json", job };
}

/** The real dotenv store, whose file an ignore rule keeps out, while another file leaves the index. */
export function dotenvAndUntrack(): Scenario {
  const folder = emptyScenario();
  const secret = githubToken(2);
  const write = writer(folder);
  write({ "x.js": `one ${secret}\n`, "conf/credentials": "plain\n", ".env.local": "OTHER=1" });
  git(folder, "add", "x.js", "conf");
  git(folder, "commit", "-qm", "first");
  const lines = { ".gitignore": ".env.local\nconf/credentials" };
  const job = { paths: ["x.js"], lines, untrack: ["conf/credentials"] };
  return { name: "dotenv and untracking", folder, secret, store: "dotenv:.env.local", job };
}

/** Files that are written in place, as they have two names, and entries with bits. */
export function linksAndBits(): Scenario {
  const folder = emptyScenario();
  const secret = githubToken(3);
  const long = "a line of the file\n".repeat(40);
  writer(folder)({ "x.js": `${long}${secret}\n${long}`, "y.js": `${secret}\n`, "z.js": `${secret}\n` });
  linkSync(path.join(folder, "repo/x.js"), path.join(folder, "repo/x2.js"));
  git(folder, "add", "x.js", "x2.js", "y.js", "z.js");
  git(folder, "commit", "-qm", "first");
  git(folder, "update-index", "--skip-worktree", "y.js");
  git(folder, "update-index", "--assume-unchanged", "z.js");
  return {
    name: "links and bits",
    folder,
    secret,
    store: "store/values.json",
    job: { paths: ["x.js", "x2.js", "y.js", "z.js"] },
  };
}
