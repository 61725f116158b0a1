import { createHash } from "node:crypto";

/** Every value of ours is kept under this service. */
export const SERVICE = "stowaway";
/** First message of the child process: it is there, and waits for its request. */
export const UP = "up";
/** Windows takes 2560 bytes; longer values are split everywhere, so that one form is tested. */
const PART_BYTES = 2400;
/** Longer ones are no secrets but files. */
export const LARGEST_VALUE_BYTES = 64 * 1024;
const MARK = "stowaway-parts:1:";
const HEADER = /^stowaway-parts:1:([0-9a-f]{16}):(\d{1,3}):(\d{1,6}):([0-9a-f]{64})$/;

export interface KeychainItem {
  readonly account: string;
  /** What is to be there, or was put there. */
  readonly value?: Uint8Array;
  /** Names this value's parts, should it be split; 16 hexadecimal digits. */
  readonly parts?: string;
}

/**
 * What the keychain's child process is asked, once: `probe` looks whether it is there and open; `put` leaves names alone
 * that have the value; `replace` does not; `takeBack` removes what a `put` of the same items made.
 */
export interface KeychainRequest {
  readonly operation: "probe" | "get" | "put" | "replace" | "takeBack" | "remove";
  readonly items: readonly KeychainItem[];
  /** Whether the keychain may ask the user to be unlocked. */
  readonly attended: boolean;
}

/**
 * What can be wrong. `absent`: no service; `no-collection`: one that keeps nothing; `lost`: what was written is not
 * there; `taken`: a name has another value; `damaged`: parts are missing; `library`: it cannot be loaded.
 */
export type Trouble =
  | "absent"
  | "no-collection"
  | "locked"
  | "dismissed"
  | "denied"
  | "ambiguous"
  | "lost"
  | "taken"
  | "damaged"
  | "library"
  | "failed";

export type KeychainAnswer =
  | { readonly values: readonly (Uint8Array | null)[] }
  | {
      readonly trouble: Trouble;
      /** Item it is about; null where about none. */
      readonly index: number | null;
      /** The system's own name for it (`org.freedesktop.…`, a number); nothing else of its text. */
      readonly detail: string | null;
    };

interface Header {
  readonly parts: string;
  readonly count: number;
  readonly bytes: number;
  readonly digest: string;
}

/** How a value is kept: as it is, or in parts with a header in its place. */
export interface Layout {
  readonly main: Uint8Array;
  readonly parts: readonly Uint8Array[];
}

/** @param parts names them */
export function layOut(value: Uint8Array, parts: string): Layout {
  const bytes = Buffer.from(value);
  // A value that looks like a header would be taken for one.
  if (bytes.length <= PART_BYTES && !bytes.toString("latin1").startsWith(MARK))
    return { main: bytes, parts: [] };
  const count = Math.max(1, Math.ceil(bytes.length / PART_BYTES));
  const pieces = Array.from({ length: count }, (_, index) =>
    bytes.subarray(index * PART_BYTES, (index + 1) * PART_BYTES),
  );
  return {
    main: Buffer.from(`${MARK}${parts}:${count}:${bytes.length}:${sha256(bytes)}`),
    parts: pieces,
  };
}

/** The header that stands in a value's place; null where it is the value itself. */
export function readHeader(main: Uint8Array): Header | null {
  if (main.length > 200) return null;
  const found = HEADER.exec(Buffer.from(main).toString("latin1"));
  const [, parts, count, bytes, digest] = found ?? [];
  if (parts === undefined || digest === undefined) return null;
  return { parts, count: Number(count), bytes: Number(bytes), digest };
}

/** Puts the parts together; null where they are not those that the header tells of. */
export function joinParts(header: Header, parts: readonly Uint8Array[]): Buffer | null {
  const bytes = Buffer.concat(parts);
  return bytes.length === header.bytes && sha256(bytes) === header.digest ? bytes : null;
}

/** @param index from 0 */
export function partAccount(account: string, parts: string, index: number): string {
  return `${account}#${parts}#${index + 1}`;
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
