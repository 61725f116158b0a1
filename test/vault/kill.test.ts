import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse } from "dotenv";
import { afterAll, beforeAll, expect, test } from "vitest";
import { noteOutput, plant } from "../helpers/ledger.ts";
import { makeRepo } from "../helpers/repo.ts";
import { PROJECT, scratch, scrubbed } from "../helpers/run.ts";
import { githubToken } from "../helpers/samples.ts";

let home: string;
beforeAll(() => {
  home = scratch("stowaway-kill-");
  writeFileSync(path.join(home, "kill.cjs"), KILLER);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Kills the process right before the call of this number that writes to the file system. */
const KILLER = `
const fs = require("node:fs");
const promises = require("node:fs/promises");
let left = Number(process.env.KILL_BEFORE);
const count = () => { if (left-- === 0) process.kill(process.pid, "SIGKILL"); };
const writes = ["writeFile", "rename", "rm", "link", "mkdir", "chmod", "unlink"];
for (const name of writes) {
  const real = promises[name];
  promises[name] = (...args) => { count(); return real(...args); };
  const sync = fs[name + "Sync"];
  fs[name + "Sync"] = (...args) => { count(); return sync(...args); };
}
const open = promises.open;
promises.open = async (file, flags, ...rest) => {
  if (typeof flags === "string" && flags !== "r") count();
  const handle = await open(file, flags, ...rest);
  for (const name of ["writeFile", "chmod", "sync"]) {
    const real = handle[name].bind(handle);
    handle[name] = (...args) => { count(); return real(...args); };
  }
  return handle;
};
process.on("exit", () => { if (left >= 0) fs.writeSync(2, "all calls passed"); });
`;

const BEFORE = "# mine\r\nA='x y'\r\nB=2";

interface Place {
  readonly dir: string;
  run(
    args: readonly string[],
    input: string,
    killBefore: number | null,
  ): { killed: boolean; through: boolean; code: number | null };
}

function placeIn(dir: string): Place {
  return {
    dir,
    run: (args, input, killBefore) => {
      const preload = killBefore === null ? [] : ["--require", path.join(home, "kill.cjs")];
      const env = { ...scrubbed(home), KILL_BEFORE: String(killBefore ?? "") };
      const command = [...preload, path.join(PROJECT, "dist/bin.cjs"), ...args];
      const { signal, status, stderr } = spawnSync(process.execPath, command, { cwd: dir, env, input });
      noteOutput(args.join(" "), stderr);
      return { killed: signal === "SIGKILL", through: stderr.includes("all calls passed"), code: status };
    },
  };
}

function temporaries(dir: string): string[] {
  return readdirSync(dir).filter((name) => name.startsWith(".stowaway-"));
}

test("killed before any call that writes, the next run stores the value, and nothing else is lost or left", async () => {
  const value = plant(githubToken(95));
  const args = ["secrets", "set", "KEY", "--to", "dotenv"];
  let points = 0;
  for (let point = 0; ; point += 1) {
    const repo = await makeRepo({ commit: { "a.txt": "a" } });
    try {
      repo.write({ ".env.local": BEFORE });
      const place = placeIn(repo.dir);
      const { killed, through } = place.run(args, value, point);
      expect(killed || through).toBe(true);
      const file = path.join(repo.dir, ".env.local");
      expect(parse(readFileSync(file, "utf8"))).toMatchObject({ A: "x y", B: "2" });
      expect(place.run(args, value, null).code).toBe(0);
      expect(readFileSync(file, "utf8")).toBe(`${BEFORE}\r\nKEY=${value}\r\n`);
      expect(existsSync(path.join(repo.dir, "stowaway.secrets.json"))).toBe(true);
      expect(temporaries(repo.dir)).toEqual([]);
      expect((await repo.git("check-ignore", "-q", ".env.local")).code).toBe(0);
      if (through) break;
      points += 1;
    } finally {
      repo.remove();
    }
  }
  expect(points).toBeGreaterThan(20);
});
