import { corrupt, rest } from "./archive-event.ts";
import type { ArchiveEvent } from "./archive-event.ts";
import type { Budget } from "./budget.ts";
import { readLocalHeader, readZipMember } from "./zip-member.ts";

/** Bytes `[start, end)` that a member, the directory or the end record accounts for. */
export type Span = readonly [start: number, end: number];

const APK_SIGNATURE = "APK Sig Block 42";

/**
 * Reads what no directory entry accounts for: members with a local header alone, and anything else that stands
 * before, between or behind the members. All of it is published, and some readers do see it.
 *
 * @param spans in any order, may overlap
 * @throws LimitHit
 */
export async function* readGaps(
  bytes: Uint8Array,
  spans: readonly Span[],
  budget: Budget,
): AsyncGenerator<ArchiveEvent> {
  let covered = 0;
  const sorted = spans.toSorted((a, b) => a[0] - b[0]);
  for (const [start, end] of [...sorted, [bytes.length, bytes.length] as const]) {
    if (start > covered) yield* readGap(bytes.subarray(covered, start), covered, budget);
    covered = Math.max(covered, end);
  }
}

async function* readGap(gap: Uint8Array, offset: number, budget: Budget): AsyncGenerator<ArchiveEvent> {
  if (gap.every((byte) => byte === 0)) return;
  const buffer = Buffer.from(gap.buffer, gap.byteOffset, gap.length);
  let members = 0;
  for (let at = buffer.indexOf("PK\x03\x04", 0, "latin1"); at >= 0;) {
    const header = readLocalHeader(gap, at);
    let next = at + 4;
    if (header !== null && header.dataStart <= gap.length) {
      members += 1;
      budget.countEntry();
      const end = header.dataStart + (header.packedBytes ?? gap.length);
      next = header.dataStart + (yield* readZipMember(header, gap.subarray(header.dataStart, end), budget));
    }
    at = buffer.indexOf("PK\x03\x04", next, "latin1");
  }
  if (members > 0) yield corrupt(null, `${members} members at byte ${offset} are not in the directory`);
  else if (!isText(buffer) && !isApkSignature(buffer))
    yield corrupt(null, `${gap.length} bytes at byte ${offset} belong to no member`);
  yield rest(offset, gap);
}

/** A `#!` line before a zip (Python's zipapp) or a note behind it is seen as it stands. */
function isText(bytes: Buffer): boolean {
  if (bytes.includes(0)) return false;
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** The signing block of Android packages ends right before the directory (APK Signature Scheme v2). */
function isApkSignature(bytes: Buffer): boolean {
  return bytes.subarray(-APK_SIGNATURE.length).toString("latin1") === APK_SIGNATURE;
}
