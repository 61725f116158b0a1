import type { Environment } from "../host/host.ts";

/**
 * Whether the user asked to pass over this run: `STOWAWAY_SKIP=1`, or `stowaway` in the list of hooks that the
 * pre-commit framework reads from `SKIP`.
 *
 * @returns the variable that says so, for the line that must be printed; null where none does
 */
export function skipVariable(env: Environment): "STOWAWAY_SKIP" | "SKIP" | null {
  if (env["STOWAWAY_SKIP"] === "1") return "STOWAWAY_SKIP";
  // People write spaces, with commas and without; no hook's id has one.
  const hooks = env["SKIP"]?.split(/[,\s]+/);
  return hooks?.includes("stowaway") === true ? "SKIP" : null;
}
