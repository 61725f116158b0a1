/** Text ready to be searched: UTF-8 bytes, whatever the file's own encoding was. */
export interface Document {
  readonly path: string;
  readonly container: readonly string[];
  readonly bytes: Uint8Array;
  /** How the bytes stood in the file; positions are those of the decoded text. */
  readonly encoding: "utf-8" | "utf-16le" | "utf-16be" | "binary";
  readonly included: string | null;
}

/** A place in a document; all 1-based, columns in UTF-16 code units, the end exclusive. */
export interface Range {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}
