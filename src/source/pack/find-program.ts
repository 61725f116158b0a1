import { accessSync, constants, existsSync, realpathSync, statSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import type { Host } from "../../host/host.ts";

/** A program and the arguments before our own. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
}

/** Absolute path of a program on the PATH; null where there is none. */
export function findOnPath(name: string, host: Host): string | null {
  const names = host.platform === "win32" ? [`${name}.exe`, `${name}.cmd`, name] : [name];
  for (const folder of (host.env["PATH"] ?? host.env["Path"] ?? "").split(delimiter)) {
    if (folder === "") continue;
    for (const file of names) if (isExecutable(join(folder, file))) return join(folder, file);
  }
  return null;
}

/**
 * The user's npm: the one that runs us, else the one on the PATH. It is started with Node itself, since a `.cmd`
 * would need a shell.
 */
export function findNpm(host: Host): Program | null {
  const outer = host.env["npm_execpath"];
  if (outer !== undefined && /[\\/]npm-cli\.c?js$/.test(outer) && existsSync(outer))
    return { command: host.env["npm_node_execpath"] ?? process.execPath, args: [outer] };
  const found = findOnPath("npm", host);
  if (found === null) return null;
  const real = realpathSync(found);
  const folder = dirname(found);
  const candidates = [
    real,
    join(folder, "node_modules/npm/bin/npm-cli.js"),
    join(folder, "../lib/node_modules/npm/bin/npm-cli.js"),
  ];
  const script = candidates.find((path) => /npm-cli\.c?js$/.test(path) && existsSync(path));
  return script === undefined ? { command: found, args: [] } : { command: process.execPath, args: [script] };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
