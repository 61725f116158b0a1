import type { Document } from "../model/document.ts";
import type { Item } from "../model/item.ts";
import { decode } from "./charset.ts";
import { wideRuns } from "./wide-runs.ts";

/** Plain characters in a row that can be a text between wide ones. */
const PLAIN_RUN = 8;

function holdsPlainText(bytes: Uint8Array): boolean {
  let run = 0;
  for (const byte of bytes) {
    run = byte >= 0x20 && byte < 0x7f ? run + 1 : 0;
    if (run === PLAIN_RUN) return true;
  }
  return false;
}

/**
 * What there is to read in bytes, the file's own text first. Files need not be of one kind: what `>>` appends to UTF-16
 * is often ASCII, and the other way round, and binaries hold texts of wide characters.
 *
 * No text holds again what one before it has.
 */
function textsOf(bytes: Uint8Array): Pick<Document, "bytes" | "encoding">[] {
  const { grid, ...main } = decode(bytes);
  if (main.encoding === "utf-8" && !main.bytes.includes(0)) return [main];
  const plain = grid !== null && holdsPlainText(bytes);
  const wide = wideRuns(bytes, grid);
  return [
    main,
    ...(plain ? [{ ...main, bytes }] : []),
    ...(wide.length > 0 ? [{ ...main, bytes: wide }] : []),
  ];
}

/** The texts of one file: nearly always one. */
export function documentsOf(
  item: Pick<Item, "path" | "container" | "included">,
  bytes: Uint8Array,
): Document[] {
  const { path, container, included } = item;
  return textsOf(bytes).map((text) => ({ path, container, included, ...text }));
}

/** All texts of one file in a row: the lines that its next version can have from it. */
export function allText(bytes: Uint8Array): Uint8Array {
  const [first, ...others] = textsOf(bytes);
  if (first !== undefined && others.length === 0) return first.bytes;
  return Buffer.concat(
    [first, ...others].flatMap((text) => [text?.bytes ?? Buffer.alloc(0), Buffer.from("\n")]),
  );
}
