import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeFileAtomic } from "../../../src/host/write-file.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "stowaway-write-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("writes a file that only the owner reads, and leaves nothing beside it", async () => {
  await writeFileAtomic(join(folder, "report.json"), "report.json", "text");
  expect(readFileSync(join(folder, "report.json"), "utf8")).toBe("text");
  expect(readdirSync(folder)).toEqual(["report.json"]);
  const { mode } = statSync(join(folder, "report.json"));
  expect(process.platform === "win32" ? 0o600 : mode & 0o777).toBe(0o600);
});

test("replaces what is there, through a link too", async () => {
  writeFileSync(join(folder, "old"), "a longer old content");
  symlinkSync("old", join(folder, "link"));
  await writeFileAtomic(join(folder, "link"), "link", "new");
  expect(readFileSync(join(folder, "old"), "utf8")).toBe("new");
  expect(readdirSync(folder).toSorted()).toEqual(["link", "old"]);
});

test.skipIf(process.platform === "win32")("a device stays a device", async () => {
  await writeFileAtomic("/dev/null", "/dev/null", "text");
  expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
});

test("says so when there is no such folder, or when a folder is in the way", async () => {
  await expect(writeFileAtomic(join(folder, "none", "report"), "none/report", "text")).rejects.toMatchObject({
    code: "output-failed",
    exitCode: 3,
    path: "none/report",
  });
  await expect(writeFileAtomic(folder, "here", "text")).rejects.toMatchObject({ code: "output-failed" });
});
