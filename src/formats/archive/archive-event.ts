/** What a reader of archives found, in the order of the archive; positions are bytes of the (unpacked) archive. */
export type ArchiveEvent = ArchiveMember | ArchiveProblem;

export interface ArchiveMember {
  readonly kind: "member";
  /** As stored: may be absolute, climb with `..`, or be empty. Nobody may use it as a path on a disk. */
  readonly name: string;
  /** Names that other readers give the same member; none of them is `name`. */
  readonly aliases?: readonly string[];
  readonly type: "file" | "link" | "directory" | "special" | "rest";
  /** Where a symbolic or hard link points; null for everything else. */
  readonly link: string | null;
  readonly bytes: Uint8Array;
}

export interface ArchiveProblem {
  readonly kind: "problem";
  readonly code: "archive-corrupt" | "archive-encrypted" | "archive-unsupported" | "archive-limit";
  /** The member concerned, as stored; null for the archive as a whole. */
  readonly name: string | null;
  /** One sentence that quotes no content. */
  readonly message: string;
  readonly hint?: string;
}

/** Bytes that belong to no member and are still part of what gets published. */
export function rest(offset: number, bytes: Uint8Array): ArchiveMember {
  return { kind: "member", name: `(outside the members, byte ${offset})`, type: "rest", link: null, bytes };
}

/** A damaged place; `name` null means the archive itself. */
export function corrupt(name: string | null, message: string): ArchiveProblem {
  return { kind: "problem", code: "archive-corrupt", name, message };
}

/** Shortest run of printable characters worth looking at: no secret is shorter. */
const TEXT_RUN = 12;

/**
 * Whether a field that nobody reads as a file (padding, an extra field, an owner's name) could hold a secret. Single
 * zero bytes between the characters are those of UTF-16.
 */
export function holdsText(bytes: Uint8Array): boolean {
  let run = 0;
  let previous = 0;
  for (const byte of bytes) {
    if (byte >= 0x20 && byte < 0x7f) run += 1;
    else if (byte !== 0 || previous === 0) run = 0;
    if (run >= TEXT_RUN) return true;
    previous = byte;
  }
  return false;
}
