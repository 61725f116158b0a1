import type { Editor, EditRequest, EditResult } from "../../model/edit.ts";

/** Pages and components, whose scripts are sent to browsers: nothing in them can be kept secret. */
export const pages: Editor = {
  name: "page",
  edit: (request) =>
    refuseAll(
      request,
      "the file is made into what browsers get, and a bundle cannot hold a secret",
      (name) => [
        `Move the call that needs the value to your server, and read ${name} from its environment there.`,
        "Let the page ask that server; whoever opens the page can read everything that is sent to it.",
      ],
    ),
  problems: () => 0,
};

/** `.d.ts` and `.pyi`: they declare types, and nothing in them is run. */
export const declarations: Editor = {
  name: "declarations",
  edit: (request) =>
    refuseAll(request, "the file declares types only, and no program reads a value from it", () => [
      "Write the type string (str in Python) in place of the value.",
    ]),
  problems: () => 0,
};

function refuseAll(
  { places }: EditRequest,
  why: string,
  instead: (name: string) => readonly string[],
): EditResult {
  const refused = places.map((place) => ({ place, why, instead: instead(place.name) }));
  return { edits: [], refused, notes: [], aliases: {} };
}
