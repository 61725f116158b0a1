import { closeSync, openSync, readSync, readdirSync } from "node:fs";
import path from "node:path";
import { IncompleteError } from "../model/errors.ts";

/** Gitformat-pack(5), version 2: magic, version, 256 counts of 4 bytes, then the object ids in order. */
const MAGIC = Buffer.from([0xff, 0x74, 0x4f, 0x63, 0, 0, 0, 2]);
const FANOUT = 256 * 4;

/**
 * Whether a pack holds an object.
 *
 * @param objects absolute; the folder of git's objects
 * @param oid hexadecimal
 * @throws IncompleteError where an index of a pack is of a form that is not known
 */
export function isPacked(objects: string, oid: string): boolean {
  return listPacks(path.join(objects, "pack")).some((file) => holds(file, Buffer.from(oid, "hex")));
}

function listPacks(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".idx"))
      .map((name) => path.join(folder, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function holds(file: string, oid: Buffer): boolean {
  const descriptor = openSync(file, "r");
  try {
    const read = (at: number, length: number): Buffer => {
      const bytes = Buffer.alloc(length);
      if (readSync(descriptor, bytes, 0, length, at) < length) throw unknown(file);
      return bytes;
    };
    const head = read(0, MAGIC.length + FANOUT);
    if (!head.subarray(0, MAGIC.length).equals(MAGIC)) throw unknown(file);
    const first = oid[0] ?? 0;
    const count = (byte: number): number => (byte < 0 ? 0 : head.readUInt32BE(MAGIC.length + byte * 4));
    let [low, high] = [count(first - 1), count(first)];
    while (low < high) {
      const middle = (low + high) >> 1;
      const order = read(head.length + middle * oid.length, oid.length).compare(oid);
      if (order === 0) return true;
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return false;
  } finally {
    closeSync(descriptor);
  }
}

function unknown(file: string): IncompleteError {
  return new IncompleteError("pack-index", "an index of a pack cannot be read", {
    path: file,
    hint: "See what git fsck says.",
  });
}
