import { appendFileSync, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

const PLANTED = "planted-";
const OUTPUT = "output-";
let outputs = 0;

function folder(): string | null {
  return process.env["STOWAWAY_TEST_LEDGER"] ?? null;
}

/**
 * Notes a value as one that the tool must never show, and gives it back.
 *
 * @param value the secret as it stands in a fixture; the part that is public (`user:` of a URL) left out
 */
export function plant(value: string): string {
  const into = folder();
  if (into !== null)
    appendFileSync(path.join(into, `${PLANTED}${process.pid}.jsonl`), `${JSON.stringify(value)}\n`);
  return value;
}

/** Notes bytes that the tool printed or wrote. */
export function noteOutput(from: string, bytes: string | Buffer): void {
  const into = folder();
  if (into === null || bytes.length === 0) return;
  const record = { from, text: Buffer.from(bytes).toString("latin1") };
  appendFileSync(
    path.join(into, `${OUTPUT}${process.pid}-${outputs++ >> 8}.jsonl`),
    `${JSON.stringify(record)}\n`,
  );
}

/** Notes every file below a folder as written by the tool. */
export function noteTree(from: string, root: string): void {
  if (!existsSync(root)) return;
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isFile() && statSync(file).size < 2 ** 24)
      noteOutput(`${from}: ${entry.name}`, readFileSync(file));
  }
}

/** All that was noted so far, by every test process of this run. */
export function readLedger(): { planted: Set<string>; outputs: { from: string; text: string }[] } {
  const into = folder();
  const planted = new Set<string>();
  const noted: { from: string; text: string }[] = [];
  for (const name of into === null ? [] : readdirSync(into)) {
    const lines = readFileSync(path.join(into ?? "", name), "utf8")
      .split("\n")
      .filter(Boolean);
    if (name.startsWith(PLANTED)) for (const line of lines) planted.add(JSON.parse(line) as string);
    else for (const line of lines) noted.push(JSON.parse(line) as { from: string; text: string });
  }
  return { planted, outputs: noted };
}
