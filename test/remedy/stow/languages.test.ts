import { homedir } from "node:os";
import path from "node:path";
import { describe, test } from "vitest";
import { goRound } from "./loop.ts";
import type { Fixture } from "./loop.ts";

/** One program a language; each prints its token. */
const PROGRAMS: Readonly<Record<string, Fixture>> = {
  JavaScript: {
    files: { "server/app.js": 'const token = "@@";\nconsole.log(token);\n' },
    command: "node server/app.js",
  },
  "JavaScript, part of a text": {
    files: { "app.mjs": "const header = 'token @@';\nconsole.log(header.slice(6));\n" },
    command: "node app.mjs",
  },
  Python: {
    files: { "app.py": '"""Demo."""\nfrom __future__ import annotations\n\ntoken = "@@"\nprint(token)\n' },
    command: "python3 app.py",
  },
  Go: {
    files: {
      "go.mod": "module demo\n\ngo 1.20\n",
      "main.go": 'package main\n\nimport "fmt"\n\nfunc main() {\n\ttoken := "@@"\n\tfmt.Println(token)\n}\n',
    },
    command: "go run .",
    env: { GOFLAGS: "-mod=mod", GOTOOLCHAIN: "local" },
  },
  Ruby: { files: { "app.rb": "token = '@@'\nputs token\n" }, command: "ruby app.rb" },
  Java: {
    files: {
      "App.java":
        'class App {\n  public static void main(String[] args) {\n    String token = "@@";\n    System.out.println(token);\n  }\n}\n',
    },
    command: "java App.java",
  },
  PHP: { files: { "app.php": "<?php\n$token = '@@';\necho $token;\n" }, command: "php app.php" },
  Rust: {
    files: { "app.rs": 'fn main() {\n    let token = String::from("@@");\n    println!("{}", token);\n}\n' },
    command: 'rustc -o "$HOME/app" app.rs && "$HOME/app"',
    env: { RUSTUP_HOME: process.env["RUSTUP_HOME"] ?? path.join(homedir(), ".rustup") },
  },
  bash: { files: { "app.sh": "#!/bin/bash\ntoken='@@'\necho \"$token\"\n" }, command: "bash app.sh" },
};

describe.each(Object.entries(PROGRAMS))("%s", (_language, fixture) => {
  test("stowed, run, undone", async () => {
    await goRound(fixture, "dotenv");
  });
});
