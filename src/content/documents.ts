import type { Document } from "../model/document.ts";
import type { Item } from "../model/item.ts";
import { decode, wideRuns } from "./charset.ts";

/** The texts of one file: one, or two for a binary that holds 16-bit texts as well. */
export function documentsOf(
  item: Pick<Item, "path" | "container" | "included">,
  bytes: Uint8Array,
): Document[] {
  const { path, container, included } = item;
  const decoded = decode(bytes);
  const main: Document = { path, container, included, ...decoded };
  if (decoded.encoding !== "binary") return [main];
  const wide = wideRuns(bytes);
  return wide.length === 0 ? [main] : [main, { ...main, bytes: wide }];
}
