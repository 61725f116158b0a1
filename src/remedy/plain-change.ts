import { KnownError } from "../model/errors.ts";
import { isText, pathBytes } from "./raw-path.ts";

/** A change of a file without values; `change` gives null where nothing is to be changed. */
export interface PlainChange {
  /** Relative to the top. */
  readonly path: string;
  /** Given, and giving, the file's text; with `bytes`, one character for each byte (`latin1`). */
  readonly change: (text: string | null) => string | null | Promise<string | null>;
  /** Whether the file need not be UTF-8: what is no text in it stays as it is. */
  readonly bytes?: true;
  /** One clause for people. */
  readonly says: string;
}

/** A path of a folder's file, which may be the top (an empty string). */
export function inFolder(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

/**
 * A path as it stands in a list of files, one character for each of its bytes.
 *
 * @param shown as findings name it
 * @throws KnownError (1) for a name that no line can hold
 */
export function nameInList(shown: string): string {
  const name = pathBytes(shown).toString("latin1");
  if (!hasControl(name)) return name;
  throw new KnownError(1, "unlistable-name", "its name holds a control character, so no list can name it", {
    path: shown,
    hint: "Rename the file, or name the findings of other files to stow.",
  });
}

/** A path as text; null where it is none, or none that stands on one line. */
export function nameAsText(shown: string): string | null {
  const bytes = pathBytes(shown);
  const name = bytes.toString();
  return isText(bytes) && !hasControl(name) ? name : null;
}

function hasControl(name: string): boolean {
  // oxlint-disable-next-line no-control-regex
  return /[\u0000-\u001f\u007f]/.test(name);
}
