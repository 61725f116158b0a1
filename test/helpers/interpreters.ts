import { accessSync, constants } from "node:fs";
import path from "node:path";

/** The first program of that name on PATH; null where there is none. */
export function findProgram(name: string): string | null {
  const names = process.platform === "win32" ? [`${name}.exe`, `${name}.cmd`] : [name];
  for (const folder of (process.env["PATH"] ?? "").split(path.delimiter))
    for (const each of names) {
      const file = path.join(folder, each);
      if (folder !== "" && isExecutable(file)) return file;
    }
  return null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
