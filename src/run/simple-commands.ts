/** What stands before the program's name in a command of a shell. */
const BEFORE_NAME = /^(?:\w+=.*|if|then|elif|else|while|until|do|!)$/;
/** With its target in the same word, or in the next one. */
const REDIRECTION = /^\d*[<>]/;
const OPEN_REDIRECTION = /^\d*[<>]+$/;
/** `--call=…`, `-S…`: an option whose value is the script. */
const OPTION = /^(?:--?[\w-]+=|-[A-Za-z](?=[\w./]))/;

/**
 * The words of each command in a shell's script, roughly: quotes, and what stands before a program's name, are passed over.
 *
 * @param script may have its option before it
 */
export function simpleCommands(script: string): string[][] {
  return script
    .replace(OPTION, "")
    .replaceAll(/\\\r?\n/g, " ")
    .split(/[;&|()`\n{}]+/)
    .map((part) => wordsOf(part));
}

function wordsOf(part: string): string[] {
  const words = part
    .split(/\s+/)
    .map((word) => word.replaceAll(/["'$]/g, "").replace(/^\\/, ""))
    .map((word) => word.replace(/(?<=[^\d<>])[<>].*$/, ""))
    .filter((word) => word !== "");
  const plain = words.filter(
    (word, at) => !REDIRECTION.test(word) && !OPEN_REDIRECTION.test(words[at - 1] ?? ""),
  );
  const name = plain.findIndex((word) => !BEFORE_NAME.test(word));
  return name === -1 ? [] : plain.slice(name);
}
