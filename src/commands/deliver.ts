import { resolve } from "node:path";
import type { CommonValues } from "./options.ts";
import type { Host } from "../host/host.ts";
import { painter, usableColumns, usesColor } from "../host/terminal.ts";
import { writeFileAtomic } from "../host/write-file.ts";
import type { Paint } from "../report/index.ts";

type DeliverValues = Pick<CommonValues, "output" | "no-color">;

/** How to write for where the result goes: no colours in a file. */
export function looks(values: DeliverValues, host: Host): { paint: Paint; columns: number } {
  const colored = !goesToFile(values) && usesColor(host.stdout, host.env, values["no-color"]);
  return { paint: painter(colored), columns: usableColumns(host.stdout) };
}

/**
 * Writes a command's result to `--output FILE`, or to standard output.
 *
 * @throws IncompleteError where the file cannot be written
 */
export async function deliver(text: string, values: DeliverValues, host: Host): Promise<void> {
  if (goesToFile(values)) await writeFileAtomic(resolve(host.cwd, values.output), values.output, text);
  else host.stdout.write(text);
}

function goesToFile(values: DeliverValues): values is DeliverValues & { readonly output: string } {
  return values.output !== undefined && values.output !== "-";
}
