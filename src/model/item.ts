/** Bytes to scan, with the place they come from. What a source hands to the pipeline. */
export interface Item {
  readonly kind: "item";
  /** Path for people and reports: relative to the repository, package or archive root, `/` between parts. */
  readonly path: string;
  /** Archives around it, outermost first: `["demo-1.0.0.tgz"]`. */
  readonly container: readonly string[];
  /** The whole content. A symbolic link's content is the text of the link. */
  readonly bytes: Uint8Array;
  /** Why a packer takes this file (kind pack); null where the question does not arise. */
  readonly included: string | null;
  /** Of an artifact: why the packer takes the member with this path; null where that is not known. */
  readonly reasonFor?: (path: string) => string | null;
  /** The content this one replaces, one entry a parent commit; what stands in one of them is not new. */
  readonly previous?: () => Promise<readonly Uint8Array[]>;
  /** False where a file's name is no news (a fixture streamed under another name): the file rules keep silent. */
  readonly named?: false;
}

/** Something in scope that is left out on purpose and said (a submodule, a deleted file). */
export interface Skipped {
  readonly kind: "skipped";
  readonly path: string;
  readonly container: readonly string[];
  readonly reason: string;
  /** What the id is bound to: an object id or a digest. */
  readonly digest: string | null;
}

/** Something in scope that could not be read, unpacked, decoded or built: the answer is 3 unless a finding outranks it. */
export interface ScanError {
  readonly kind: "error";
  readonly path: string;
  readonly container: readonly string[];
  /** Kebab-case, permanent: `archive-corrupt`, `unreadable`, `archive-limit`, … */
  readonly code: string;
  /** One sentence; never quotes the content. */
  readonly message: string;
  readonly hint?: string;
  readonly digest: string | null;
}

/** What a source yields, in order. */
export type SourceEvent = Item | Skipped | ScanError;
