import { corrupt, rest } from "./archive-event.ts";
import { asBuffer } from "../../model/bytes.ts";
import type { ArchiveEvent } from "./archive-event.ts";
import type { Budget } from "./budget.ts";
import { readLocalHeader, readZipMember } from "./zip-member.ts";

/** Bytes `[start, end)` that a member, the directory or the end record accounts for. */
export type Span = readonly [start: number, end: number];

/** Damaged members after which the search for more of them ends: each costs far more than the few bytes it has. */
const MAX_DAMAGED = 100;
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
  const tally: Tally = { damaged: 0 };
  const sorted = spans.toSorted((a, b) => a[0] - b[0]);
  for (const [start, end] of [...sorted, [bytes.length, bytes.length] as const]) {
    if (start > covered) yield* readGap(bytes.subarray(covered, start), covered, budget, tally);
    covered = Math.max(covered, end);
  }
}

/** Problems in all gaps of the archive. */
interface Tally {
  damaged: number;
}

async function* readGap(
  gap: Uint8Array,
  offset: number,
  budget: Budget,
  tally: Tally,
): AsyncGenerator<ArchiveEvent> {
  if (gap.every((byte) => byte === 0)) return;
  const buffer = asBuffer(gap);
  const members = yield* readUnlisted(buffer, budget, tally);
  if (members > 0) yield corrupt(null, `${members} members at byte ${offset} are not in the directory`);
  else if (!isText(buffer) && !isApkSignature(buffer))
    yield corrupt(null, `${gap.length} bytes at byte ${offset} belong to no member`);
  yield rest(offset, gap);
}

/** @returns how many members there are */
async function* readUnlisted(
  gap: Buffer,
  budget: Budget,
  tally: Tally,
): AsyncGenerator<ArchiveEvent, number> {
  let members = 0;
  let at = gap.indexOf("PK\x03\x04", 0, "latin1");
  while (at >= 0 && tally.damaged < MAX_DAMAGED) {
    const header = readLocalHeader(gap, at);
    let next = at + 4;
    if (header !== null && header.dataStart <= gap.length) {
      members += 1;
      budget.countEntry();
      const end = header.dataStart + (header.packedBytes ?? gap.length);
      const events = readZipMember(header, gap.subarray(header.dataStart, end), budget);
      let step = await events.next();
      while (step.done !== true) {
        if (step.value.kind === "problem") tally.damaged += 1;
        yield step.value;
        step = await events.next();
      }
      next = header.dataStart + step.value;
      if (tally.damaged >= MAX_DAMAGED) yield tooDamaged();
    }
    at = gap.indexOf("PK\x03\x04", next, "latin1");
  }
  return members;
}

function tooDamaged(): ArchiveEvent {
  const message = `more than ${MAX_DAMAGED} members outside the directory are damaged; no more were unpacked`;
  return { kind: "problem", code: "archive-limit", name: null, message };
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
