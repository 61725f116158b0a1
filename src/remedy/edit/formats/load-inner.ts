import type { Editor } from "../../../model/edit.ts";

/** Loads the editor for scripts that stand in other files. */
export async function loadShell(): Promise<Editor> {
  return (await import("../shell.ts")).shell;
}

/** Loads the editor for the code of notebooks. */
export async function loadPython(): Promise<Editor> {
  return (await import("../python.ts")).python;
}
