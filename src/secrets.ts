import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** A person may have to answer the keychain's own dialog; the stores have shorter deadlines of their own. */
const DEADLINE_MS = 60_000;
const known = new Map<string, string>();

/**
 * A secret of the project that the working folder is in: the variable of this name where there is one, even empty;
 * else the value that `stowaway` keeps. Blocks until it is there; asked once a process.
 *
 * @param name as in `stowaway.secrets.json`
 * @throws Error where there is no value; it names the variable and the next step, never a value
 */
export function secret(name: string): string {
  // What every object has (constructor, toString) is no variable.
  const present = Object.hasOwn(process.env, name) ? process.env[name] : undefined;
  if (present !== undefined) return present;
  const folder = process.cwd();
  const key = `${folder}\0${name}`;
  const value = known.get(key) ?? ask(name, folder);
  known.set(key, value);
  return value;
}

function ask(name: string, folder: string): string {
  if (!/^\w{1,128}$/.test(name)) throw new Error("stowaway: that is no name of a secret");
  const program = fileURLToPath(new URL("bin.cjs", import.meta.url));
  // What debuggers and loaders of the caller put there would write to the output, or ask for a free port.
  const { NODE_OPTIONS: _, ...env } = process.env;
  const { status, stdout, stderr, error } = spawnSync(
    process.execPath,
    ["--", program, "env", "--format", "json", "--only", name],
    {
      cwd: folder,
      // In a program that brings its own Node along, this starts that and not the program.
      env: { ...env, ELECTRON_RUN_AS_NODE: "1" },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: DEADLINE_MS,
      killSignal: "SIGKILL",
      maxBuffer: 64 * 1024 ** 2,
      encoding: "utf8",
      windowsHide: true,
    },
  );
  const value = status === 0 ? valueIn(stdout, name) : undefined;
  if (value !== undefined) return value;
  throw new Error(reason(name, error, stderr));
}

function valueIn(text: string, name: string): string | undefined {
  try {
    const values = JSON.parse(text) as Readonly<Record<string, string>>;
    return Object.hasOwn(values, name) ? values[name] : undefined;
  } catch {
    // The parser's own message would quote the text.
    return undefined;
  }
}

function reason(name: string, error: NodeJS.ErrnoException | undefined, stderr: string | null): string {
  const said = stderr?.trim() ?? "";
  if (error?.code === "ETIMEDOUT")
    return `stowaway: ${name} could not be read within ${DEADLINE_MS / 1000} seconds\n  hint: Unlock the keychain, or start the program with: stowaway run`;
  if (error !== undefined || said === "")
    return `stowaway: ${name} could not be read (${error?.code ?? "no answer"})\n  hint: Set the variable ${name}, or start the program with: stowaway run`;
  return said;
}
