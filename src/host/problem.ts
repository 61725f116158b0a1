import { ISSUES_PAGE, VERSION } from "./version.ts";
import { KnownError } from "../model/errors.ts";

/**
 * Lines that tell a person what went wrong and what to do.
 *
 * The message of an error we did not foresee is not shown unless the operating system wrote it: messages of parsers
 * and checks quote what they were given, and that may be a secret.
 *
 * @param verbose with the stack of an error we did not foresee, message taken out
 */
export function describeError(error: unknown, verbose: boolean): string[] {
  if (error instanceof KnownError) {
    const place = error.path === undefined ? "" : `${error.path}: `;
    const lines = [`stowaway: ${place}${error.message}`];
    if (error.hint !== undefined) lines.push(`  hint: ${error.hint}`);
    if (verbose && error.cause !== undefined) lines.push(...chain(error.cause, "caused by "));
    return lines;
  }
  return [
    `stowaway: internal error: ${headline(error)}`,
    ...(verbose ? chain(error, "").slice(1) : []),
    "  Nothing can be said about what was to be scanned.",
    verbose
      ? `  hint: Please report this, with the lines above and version ${VERSION}: ${ISSUES_PAGE}`
      : `  hint: Run again with --verbose and report what it prints: ${ISSUES_PAGE}`,
  ];
}

function chain(error: unknown, prefix: string): string[] {
  const lines: string[] = [];
  let current: unknown = error;
  for (let depth = 0; current !== undefined && depth < 8; depth += 1) {
    lines.push(`  ${depth === 0 ? prefix : "caused by "}${headline(current)}`, ...frames(current));
    current = current instanceof Error ? current.cause : undefined;
  }
  return lines;
}

function headline(error: unknown): string {
  if (!(error instanceof Error)) return `a thrown ${typeof error}`;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (typeof syscall === "string") return error.message;
  return typeof code === "string" ? `${error.name} (${code})` : error.name;
}

/** Lines of the stack that are places in code. */
function frames(error: unknown): string[] {
  if (!(error instanceof Error) || error.stack === undefined) return [];
  const { stack, message } = error;
  const start = stack.indexOf(message);
  const rest = start === -1 ? "" : stack.slice(start + message.length);
  return rest.split("\n").filter((line) => /^ {4}at /.test(line));
}
