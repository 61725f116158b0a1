import type { SourceEvent } from "../model/item.ts";

/**
 * Reads standard input as one file.
 *
 * @param name the path it stands for; without one no rule over names applies
 * @param limit bytes; what is longer is reported, not cut
 */
export async function* readInput(
  input: AsyncIterable<Uint8Array>,
  name: string | undefined,
  limit: number,
): AsyncGenerator<SourceEvent> {
  const place = { path: name ?? "<stdin>", container: [] };
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of input) {
    size += chunk.length;
    if (size > limit) {
      const message = `standard input has more than the limit of ${limit} bytes`;
      yield {
        kind: "error",
        ...place,
        code: "too-large",
        message,
        hint: "raise limits.fileBytes in stowaway.config.json",
        digest: null,
      };
      return;
    }
    chunks.push(chunk);
  }
  const item = { kind: "item", ...place, bytes: Buffer.concat(chunks), included: null } as const;
  yield name === undefined ? { ...item, named: false } : item;
}
