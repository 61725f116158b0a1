import { locateHcl } from "../../../formats/hcl.ts";
import type { LocatedHcl } from "../../../formats/hcl.ts";
import { scalarAt } from "../../../formats/located.ts";
import type { LocatedScalar } from "../../../formats/located.ts";
import type { Editor, EditRequest, Place, TextEdit } from "../../../model/edit.ts";
import { isRefused, lineEnd } from "../literal.ts";
import type { Refused } from "../literal.ts";
import { Draft, refuseAll, unusable } from "./draft.ts";
import { wholeLines } from "./entry.ts";
import { withEdits } from "./unchanged.ts";
import { refuse } from "./verdict.ts";
import { spanOf } from "./write-scalar.ts";

/** A place in HCL, with what an editor of it needs. */
interface Asked {
  readonly place: Place;
  readonly scalar: LocatedScalar;
  /** Whether the value is all of a string that stands for itself. */
  readonly whole: boolean;
  readonly document: LocatedHcl;
  readonly request: EditRequest;
}

/** What becomes of a place: an expression takes it, or lines give way; with the variable that the tool reads. */
type Answer =
  | Refused
  | { readonly expression: string; readonly variable: string; readonly declare?: string }
  | { readonly lines: TextEdit; readonly variable: string };

interface Tool {
  readonly name: string;
  readonly answer: (asked: Asked) => Answer;
  readonly note: string;
}

function hclEditor({ name, answer, note }: Tool): Editor {
  return {
    name,
    problems: (text) => locateHcl(text).problems,
    edit: (request) => {
      const { text, places } = request;
      const document = locateHcl(text);
      if (document.problems > 0)
        return refuseAll(places, refuse("the file has syntax errors", "mend them, and run stow again"));
      const draft = new Draft();
      const declared = new Set<string>();
      for (const place of places) {
        const scalar = scalarAt(document.scalars, place.start, place.end);
        const refused = refusal(scalar, place);
        if (scalar === undefined || refused !== null) {
          draft.refuse([place], refused ?? refuse("it stands in a comment", "delete it there"));
          continue;
        }
        const whole = scalar.style === "double" && scalar.value === text.slice(place.start, place.end);
        const found = answer({ place, scalar, whole, document, request });
        const bad = isRefused(found) ? found : unusable(found.variable);
        if (isRefused(found) || bad !== null) {
          draft.refuse([place], bad ?? refuse("no variable can have this name", "make the change by hand"));
          continue;
        }
        draft.alias(place.name, found.variable);
        draft.note(note);
        if ("lines" in found) draft.edit(found.lines);
        else {
          const { start, end } = whole ? scalar : place;
          draft.edit({ start, end, text: whole ? found.expression : `\${${found.expression}}` });
          if (found.declare !== undefined) declared.add(found.declare);
        }
      }
      if (declared.size > 0) draft.edit(declaration(text, [...declared]));
      const result = draft.result();
      const isSound = locateHcl(withEdits(text, result.edits)).problems === 0;
      return isSound
        ? result
        : refuseAll(places, refuse("the change would break the file", "make it by hand"));
    },
  };
}

function refusal(scalar: LocatedScalar | undefined, place: Place): Refused | null {
  if (scalar === undefined)
    return refuse("it stands in a comment", `delete it there; it is kept as ${place.name}`);
  if (scalar.role === "key")
    return refuse("it is a name, not a value", "give the block or entry another name");
  return spanOf(scalar.offsets(), place) === null
    ? refuse("it is written with escapes", "write the reference in its place by hand")
    : null;
}

function declaration(text: string, names: readonly string[]): TextEdit {
  const eol = lineEnd(text);
  const before = text === "" || /[\r\n]$/.test(text) ? "" : eol;
  const blocks = names.map((name) =>
    [`variable "${name}" {`, "  type      = string", "  sensitive = true", "}", ""].join(eol),
  );
  return { start: text.length, end: text.length, text: before + eol + blocks.join(eol) };
}

/** Files in which people declare variables beside others of the same module. */
const SIBLINGS = [
  "variables.tf",
  "vars.tf",
  "main.tf",
  "providers.tf",
  "provider.tf",
  "locals.tf",
  "outputs.tf",
  "versions.tf",
];

/** A name for the variable that the module does not have yet. */
function freeName({ place: { name }, document, request: { path, project } }: Asked): string {
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const siblings = SIBLINGS.map((file) => folder + file)
    .filter((file) => file !== path)
    .map((file) => project.read(file) ?? "");
  const isTaken = (wanted: string): boolean =>
    document.blocks.some(([type, label]) => type === "variable" && label === wanted) ||
    siblings.some((text) => new RegExp(`^\\s*variable\\s+"?${wanted}"?\\s*\\{`, "m").test(text));
  const base = name.toLowerCase();
  for (let number = 1; ; number += 1) {
    const wanted = number === 1 ? base : `${base}_${number}`;
    if (!isTaken(wanted)) return wanted;
  }
}

/** https://developer.hashicorp.com/terraform/language/values/variables */
function variableAnswer(prefix: string): (asked: Asked) => Answer {
  return (asked) => {
    const { path } = asked.scalar;
    const [block, name = "", key = ""] = path.map(String);
    if (block === "variable") return variableDefault(asked, prefix, name, key);
    const inner = path.map(String).find((step) => /^(?:count|for_each|depends_on|lifecycle)$/.test(step));
    if (
      block === "terraform" ||
      block === "packer" ||
      (block === "module" && /^(?:source|version)$/.test(key)) ||
      inner !== undefined
    )
      return refuse(
        `no variable can stand in ${inner ?? block}`,
        "leave the argument out, and pass it when it is needed: terraform init -backend-config=…, or the provider's own environment variables",
      );
    if (
      block === "output" &&
      !asked.document.attributes.some((each) => each.path.join() === ["output", name, "sensitive"].join())
    )
      return refuse(
        "an output shows it",
        `delete the output, or give it sensitive = true, then run stow again`,
      );
    const declare = freeName(asked);
    return { expression: `var.${declare}`, variable: prefix + declare, declare };
  };
}

/** A default gives way, since the variable's value comes from outside. */
function variableDefault(
  { scalar, whole, document, request: { text } }: Asked,
  prefix: string,
  name: string,
  key: string,
): Answer {
  const attribute = document.attributes.find(
    (each) => each.start < scalar.start && scalar.end <= each.end && each.path.length === 3,
  );
  const isAll =
    attribute !== undefined &&
    attribute.end === scalar.end &&
    /^default\s*=\s*$/.test(text.slice(attribute.start, scalar.start));
  if (key !== "default" || !whole || !isAll)
    return refuse(
      "a variable's default can use no other variable",
      `delete the default, and set ${prefix}${name} to the whole value`,
    );
  const isSensitive = document.attributes.some(
    (each) => each.path.join() === ["variable", name, "sensitive"].join(),
  );
  const lines = isSensitive ? wholeLines(text, attribute.start, attribute.end) : attribute;
  if (lines === null) return refuse("other text stands on the same line", "delete the default by hand");
  return {
    lines: { start: lines.start, end: lines.end, text: isSensitive ? "" : "sensitive = true" },
    variable: prefix + name,
  };
}

function assignedAnswer({ scalar, whole, document, request: { text } }: Asked): Answer {
  const attribute = document.attributes.find((each) => each.start < scalar.start && scalar.end <= each.end);
  const lines = attribute === undefined ? null : wholeLines(text, attribute.start, attribute.end);
  const key = String(scalar.path[0]);
  const isAll =
    attribute !== undefined &&
    new RegExp(`^${key}\\s*=\\s*$`).test(text.slice(attribute.start, scalar.start));
  if (attribute === undefined || lines === null || !whole || !isAll || attribute.end !== scalar.end)
    return refuse(
      "only a part of the value is secret",
      `delete the entry, and set TF_VAR_${key} to the whole value`,
    );
  return { lines: { ...lines, text: "" }, variable: `TF_VAR_${key}` };
}

export const terraform: Editor = hclEditor({
  name: "Terraform",
  answer: variableAnswer("TF_VAR_"),
  note: "run it with: stowaway run -- terraform plan; Terraform's state still holds the value",
});

/** https://developer.hashicorp.com/packer/docs/templates/hcl_templates/variables */
export const packer: Editor = hclEditor({
  name: "Packer",
  answer: variableAnswer("PKR_VAR_"),
  note: "run it with: stowaway run -- packer build …",
});

/** https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence */
export const tfvars: Editor = hclEditor({
  name: "a variables file of Terraform",
  answer: assignedAnswer,
  note: "run it with: stowaway run -- terraform plan; Terraform's state still holds the value",
});

/** https://terragrunt.gruntwork.io/docs/reference/built-in-functions/#get_env */
export const terragrunt: Editor = hclEditor({
  name: "Terragrunt",
  answer: ({ place: { name } }) => ({ expression: `get_env("${name}")`, variable: name }),
  note: "run it with: stowaway run -- terragrunt plan",
});
