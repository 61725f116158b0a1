import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** One folder a run, in which every test notes what it planted and what the tool put out (test/leaks reads it). */
export default function setup(): () => void {
  const folder = mkdtempSync(path.join(tmpdir(), "stowaway-ledger-"));
  process.env["STOWAWAY_TEST_LEDGER"] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
