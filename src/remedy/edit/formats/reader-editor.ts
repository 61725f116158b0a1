import type { Editor } from "../../../model/edit.ts";
import { loadGrammar } from "./grammars.ts";
import { editScalars } from "./scalars.ts";
import { loadShell } from "./load-inner.ts";
import type { Reader } from "./verdict.ts";

/** Loads the editor for the files of one reader. */
export async function readerEditor({ name, format, judge }: Reader): Promise<Editor> {
  const [grammar, shell] = await Promise.all([loadGrammar(format), loadShell()]);
  return {
    name,
    edit: (request) => editScalars(request, grammar, judge, shell),
    problems: (text) => grammar.locate(text).problems,
  };
}
