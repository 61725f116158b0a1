/** What a reader of archives found, in the order of the archive; positions are bytes of the (unpacked) archive. */
export type ArchiveEvent = ArchiveMember | ArchiveProblem;

export interface ArchiveMember {
  readonly kind: "member";
  /** As stored: may be absolute, climb with `..`, or be empty. Nobody may use it as a path on a disk. */
  readonly name: string;
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
