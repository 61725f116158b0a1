import { parser } from "@lezer/python";
import type { EditRequest, Place, TextEdit } from "../../model/edit.ts";
import { isWhole, isWordAt, refuse, replaced } from "./literal.ts";
import type { Dialect, Refused, Rewritten } from "./literal.ts";
import { importEdit, meansSomethingElse } from "./python-import.ts";
import {
  ancestors,
  childrenOf,
  enclosing,
  errorsOf,
  grammarEditor,
  innermost,
  isMisread,
  literalOf,
  nodesOf,
  textOf,
} from "./syntax.ts";
import type { NodeLiteral, SyntaxNode, Tree } from "./syntax.ts";

/** A string with what stands before its quotes. */
interface PythonLiteral extends NodeLiteral {
  /** Lower case: `rb`. */
  readonly prefix: string;
  /** `'` or `"`. */
  readonly quote: string;
}

/** Python: a value becomes `os.environ["NAME"]`, which fails at once where the variable is missing. */
export const python = grammarEditor("Python", parser, (request, tree) => new Source(request, tree));

class Source implements Dialect<PythonLiteral> {
  readonly #text: string;
  readonly #tree: Tree;
  readonly #errors: ReturnType<typeof errorsOf>;

  constructor({ text }: EditRequest, tree: Tree) {
    this.#text = text;
    this.#tree = tree;
    this.#errors = errorsOf(tree);
  }

  form(name: string): string {
    return `os.environ["${name}"]`;
  }

  find(place: Place): PythonLiteral | Refused {
    const node = innermost(this.#tree, place);
    const byHand = `Write ${this.form(place.name)} in its place by hand.`;
    if (node.name === "Comment")
      return refuse("it stands in a comment, which no program reads", "Take it out by hand.");
    const opening = /^([a-z]{0,2})("""|'''|"|')/i.exec(textOf(this.#text, node));
    if ((node.name !== "String" && node.name !== "FormatString") || opening === null)
      return refuse("it is not the content of a string", byHand);
    const [open, prefix = "", marks = ""] = opening;
    const shifted = marks.length === 3 && this.#errors.some(({ start }) => start < node.to);
    if (shifted || isMisread(node, this.#errors, (name) => /Statement$|Definition$/.test(name)))
      return refuse("the source round it has a syntax error, or syntax that is not known here", byHand);
    const raw = /r/i.test(prefix);
    const literal = literalOf(this.#text, node, [open.length, marks.length], !raw);
    return { ...literal, prefix: prefix.toLowerCase(), quote: marks.charAt(0) };
  }

  rewrite(literal: PythonLiteral, places: readonly Place[]): Rewritten | Refused {
    const whole = isWhole(literal, places);
    const name = places[0]?.name ?? "";
    const refusal = contextRefusal(literal.node, this.#text, this.form(name));
    if (refusal !== null) return refusal;
    return whole ? this.#whole(literal, name) : this.#part(literal, places);
  }

  #whole(literal: PythonLiteral, name: string): Rewritten {
    const { node, prefix, quote } = literal;
    const asked = lookup(node, this.#text);
    if (asked?.variable === name && asked.previous !== null)
      return { edits: [{ start: asked.previous.to, end: literal.end, text: "" }] };
    // Within an f-string the literal's own quotes are the ones that may be used.
    const mark = enclosing(node, "FormatString") === null ? '"' : quote;
    // A default is evaluated also where it is not needed, so it may not fail.
    const read = asked === null ? `os.environ[${mark}${name}${mark}]` : `os.getenv(${mark}${name}${mark})`;
    const code = prefix.includes("b") ? `${read}.encode()` : read;
    return { edits: [replaced(this.#text, literal, code)] };
  }

  #part(literal: PythonLiteral, places: readonly Place[]): Rewritten | Refused {
    const { node, prefix, quote } = literal;
    const mark = quote === '"' ? "'" : '"';
    const forms = places.map(({ name }) => `os.environ["${name}"]`).join(", ");
    if (prefix.includes("b"))
      return refuse("it is part of a bytes string", `Join the parts with + and ${forms}.encode() by hand.`);
    if (enclosing(node, "FormatString") !== null)
      return refuse("it is part of a string within an f-string", `Read ${forms} into a variable before it.`);
    const body = this.#text.slice(literal.bodyStart, literal.bodyEnd);
    const formatted = node.name === "FormatString";
    if (formatted ? body.includes("{{") || body.includes("}}") : /[{}]/.test(body))
      return refuse(
        "the string has braces, which an f-string would read as its own",
        `Join the parts with + and ${forms} by hand.`,
      );
    if (!formatted && nodesOf(this.#tree, "PrintStatement").some(isOldPrint))
      return refuse(
        "the file is written for Python 2, which has no f-strings",
        `Join the parts with + and ${forms} by hand.`,
      );
    const edits: TextEdit[] = places.map(({ start, end, name }) => ({
      start,
      end,
      text: `{os.environ[${mark}${name}${mark}]}`,
    }));
    if (!formatted) {
      const space = isWordAt(this.#text, literal.start - 1) ? " " : "";
      const end = literal.start + (prefix === "u" ? 1 : 0);
      edits.unshift({ start: literal.start, end, text: `${space}f` });
    }
    return { edits };
  }

  supply(first: number): Rewritten | Refused {
    if (meansSomethingElse(this.#tree, this.#text))
      return refuse(
        "the name os means something else in this file",
        "Rename it, or import the module under another name, and read its environ by hand.",
      );
    return { edits: importEdit(this.#tree, this.#text, first) };
  }
}

/** Python 2's `print "text"`; a call is parsed so too where the grammar cannot tell. */
function isOldPrint(node: SyntaxNode): boolean {
  return node.firstChild?.nextSibling?.name !== "ParenthesizedExpression";
}

function contextRefusal(node: SyntaxNode, text: string, form: string): Refused | null {
  const parent = node.parent;
  if (parent === null) return refuse("it is not part of a statement", `Write ${form} by hand.`);
  if (parent.name === "ExpressionStatement")
    return refuse("it is a docstring or a statement without effect", "Take it out by hand.");
  if (parent.name === "ContinuedString")
    return refuse(
      "it is one of several strings that are joined by standing together",
      `Join them with + and ${form} by hand.`,
    );
  for (const { name } of ancestors(node)) {
    if (name === "TypeDef" || name === "TypeDefinition")
      return refuse(
        "it stands in an annotation",
        `Annotate it with str, and read ${form} where the value is needed.`,
      );
    if (name.endsWith("Pattern"))
      return refuse(
        "a pattern of match needs a literal",
        `Compare with ${form} in a guard: case value if value == ${form}.`,
      );
    if (name === "FormatSpec")
      return refuse("it stands in a format specification", `Read ${form} into a variable before it.`);
  }
  if (isLiteralType(parent, text))
    return refuse("it stands in a type", `Use the type str, and read ${form} where the value is needed.`);
  if (isFormat(node, parent, text))
    return refuse(
      "the string is a format, which would read signs of the value as its own",
      `Pass ${form} as one of the values that are put into it.`,
    );
  return null;
}

function isLiteralType(parent: SyntaxNode, text: string): boolean {
  const object = parent.firstChild;
  return (
    parent.name === "MemberExpression" && object !== null && /(?:^|\.)Literal$/.test(textOf(text, object))
  );
}

/** `"…" % values` and `"…".format(…)`. */
function isFormat(node: SyntaxNode, parent: SyntaxNode, text: string): boolean {
  if (node.prevSibling !== null) return false;
  const next = node.nextSibling;
  if (parent.name === "BinaryExpression") return next !== null && textOf(text, next) === "%";
  return parent.name === "MemberExpression" && /\.format(?:_map)?$/.test(textOf(text, parent));
}

/** The variable that a default belongs to: `os.getenv("NAME", "default")`. */
function lookup(node: SyntaxNode, text: string): { variable: string; previous: SyntaxNode | null } | null {
  const call = node.parent?.parent;
  const callee = call?.firstChild;
  if (node.parent?.name !== "ArgList" || call?.name !== "CallExpression" || !callee) return null;
  if (!/^(?:(?:os\.)?getenv|(?:os\.)?environ\.(?:get|setdefault|pop))$/.test(textOf(text, callee)))
    return null;
  const argumentsOf = childrenOf(node.parent).filter(({ name }) => !/^[(),]$/.test(name));
  const [first] = argumentsOf;
  if (first?.name !== "String" || first.from === node.from) return null;
  const simple = argumentsOf.length === 2 && /getenv$|get$/.test(textOf(text, callee));
  return { variable: textOf(text, first).slice(1, -1), previous: simple ? first : null };
}
