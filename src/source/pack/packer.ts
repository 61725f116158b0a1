import type { Host } from "../../host/host.ts";
import type { SourceEvent } from "../../model/item.ts";
import type { Limits } from "../../model/settings.ts";

export const ECOSYSTEMS = ["npm", "python"] as const;
export type Ecosystem = (typeof ECOSYSTEMS)[number];

/** What the user asked for, the same for every package. */
export interface PackOptions {
  readonly host: Host;
  readonly limits: Limits;
  /** Run nothing: make the list by the packer's rules. */
  readonly static: boolean;
  readonly ignoreScripts: boolean;
  /** Build Python packages in an environment of their own, as the front ends do. */
  readonly isolation: boolean;
  /** Private folder for what is built; the caller removes it. */
  readonly temp: string;
  /** Masks a line of what the packers write, so that it may be shown; null where nothing of it is. */
  readonly mask: ((line: string) => string) | null;
}

/** What a package would publish. */
export interface Packed {
  readonly mode: "exact" | "static";
  /** Finished artifacts, in a folder of ours. */
  readonly artifacts: readonly PackedArtifact[];
  /** Of a static list: each file with its content, read when it is asked for. */
  readonly files: readonly PackedFile[];
  readonly errors: readonly SourceEvent[];
  /** Sentences for the reader; asked for after everything was scanned. */
  notes(): readonly string[];
}

export interface PackedArtifact {
  /** Name for reports, like a file's; no two of a package are the same. */
  readonly name: string;
  readonly file: string;
  /** Why the packer takes a member; the path as the scan of the artifact gives it. */
  readonly reasonFor: (path: string) => string | null;
}

export interface PackedFile {
  readonly container: string;
  readonly path: string;
  /** Absolute. */
  readonly file: string;
  readonly included: string | null;
}

/** One ecosystem. To add one: a file with such an object, and its line in `index.ts`. */
export interface Packer {
  readonly ecosystem: Ecosystem;
  /** @param dir absolute */
  detect(dir: string): Promise<boolean>;
  /** @throws UsageError where the manifest cannot be used at all */
  pack(dir: string, options: PackOptions): Promise<Packed>;
}

/** Text of a manifest as it may stand on a terminal: what controls one is taken out. */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, "?");
}
