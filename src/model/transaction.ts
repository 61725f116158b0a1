import type { Secret } from "./secret.ts";

/** Part of what an edit replaces: a text, or the value that is kept under a name. So nothing here holds a value. */
export type Piece = string | { readonly name: string };

/** One replacement in a file's bytes. */
export interface Splice {
  /** Byte offset in the old content. */
  readonly at: number;
  readonly before: readonly Piece[];
  readonly after: string;
}

/** How the texts of splices and the values stand in a file's bytes; Node's names. */
export type FileEncoding = "utf8" | "latin1" | "utf16le";

/** A file that loses values. */
export interface SecretEdit {
  /** Relative to the top of the work tree, `/` between parts. */
  readonly path: string;
  readonly encoding: FileEncoding;
  /** The file on the disk; null where it stays as it is. `before` is the whole old content. */
  readonly worktree: { readonly before: Buffer; readonly splices: readonly Splice[] } | null;
  /**
   * The index's version; null where it stays as it is. `clean`: a filter stands between both forms, so git makes the
   * index's version from the new file.
   */
  readonly index:
    | { readonly before: Buffer; readonly splices: readonly Splice[] }
    | { readonly clean: true }
    | null;
}

/** A file without values that is written whole: an ignore file, the manifest, an example. */
export interface PlainEdit {
  readonly path: string;
  /** Null where there is no file yet; permission bits of a new file are 0644. */
  readonly worktree: { readonly before: Buffer | null; readonly after: Buffer } | null;
  /** Null where the index is left alone. */
  readonly index: { readonly before: Buffer | null; readonly after: Buffer } | null;
}

export type StoreKind = "keychain" | "dotenv";

/** A value and where it goes. */
export interface StoredSecret {
  readonly name: string;
  readonly value: Secret;
}

/** Everything one `stow` writes, as a value. */
export interface Transaction {
  /**
   * Names the project in the store. It stands in the journal too, and those who open a store to recover or undo are given
   * it: the manifest may not be written yet, or be gone.
   */
  readonly projectId: string;
  readonly store: StoreKind;
  readonly secrets: readonly StoredSecret[];
  /** Written before the store: a dotenv file must be ignored before it holds anything. */
  readonly plain: readonly PlainEdit[];
  readonly edits: readonly SecretEdit[];
  /** Paths whose index entry goes; the file stays on the disk. */
  readonly untrack: readonly string[];
}
