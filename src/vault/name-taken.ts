import { KnownError } from "../model/errors.ts";
import { ExitCode } from "../model/exit-code.ts";

/** The error for a name that has another value already. */
export function nameTaken(name: string, where: string): KnownError {
  return new KnownError(ExitCode.findings, "name-taken", `${where} has another value for ${name}`, {
    hint: "Choose another name; the value that is there is left as it is.",
  });
}
