import type { Editor, EditRequest, EditResult } from "../../../model/edit.ts";
import { Draft } from "./draft.ts";
import { refuse } from "./verdict.ts";

/**
 * pip's requirements files, where `${NAME}` is expanded if it has capitals, digits and `_` only.
 *
 * Format: https://pip.pypa.io/en/stable/reference/requirements-file-format/#using-environment-variables
 */
export const requirements: Editor = {
  name: "a requirements file",
  edit: editRequirements,
  problems: () => 0,
};

function editRequirements({ path, text, places }: EditRequest): EditResult {
  const draft = new Draft();
  for (const place of places) {
    const { start, end, name } = place;
    const lineStart = Math.max(text.lastIndexOf("\n", start - 1), text.lastIndexOf("\r", start - 1)) + 1;
    if (/(?:^|\s)#/.test(text.slice(lineStart, start)))
      draft.refuse([place], refuse("it stands in a comment", `delete it there; it is kept as ${name}`));
    else if (!/^[A-Z0-9_]+$/.test(name))
      draft.refuse(
        [place],
        refuse("pip expands only names in capitals", `run stow again with --name ${name.toUpperCase()}`),
      );
    else if (/[$\r\n]/.test(text.slice(start, end)))
      draft.refuse(
        [place],
        refuse("its characters have a meaning to pip", `write \${${name}} there by hand`),
      );
    else {
      draft.edit({ start, end, text: `\${${name}}` });
      draft.noteFor(
        name,
        (names) =>
          `pip takes the values from the environment: stowaway run --only ${names.join(",")} -- pip install -r ${path}`,
      );
    }
  }
  return draft.result();
}
