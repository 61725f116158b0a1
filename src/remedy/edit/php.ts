import { parser } from "@lezer/php";
import type { EditRequest, Place } from "../../model/edit.ts";
import { isWhole, joined, refuse, replaced } from "./literal.ts";
import type { Dialect, Range, Refused, Rewritten } from "./literal.ts";
import {
  ancestors,
  childrenOf,
  errorsOf,
  grammarEditor,
  innermost,
  literalOf,
  nodesOf,
  textOf,
} from "./syntax.ts";
import type { NodeLiteral, SyntaxNode, Tree } from "./syntax.ts";

/** Where an expression stands alone, so that a concatenation needs no parentheses. */
const ALONE = new Set([
  "AssignmentExpression",
  "ArgList",
  "NamedArgument",
  "ReturnStatement",
  "EchoStatement",
  "Pair",
]);

const CONSTANT: Readonly<Record<string, string>> = {
  ConstDeclaration: "a const needs a value that is known at compile time",
  PropertyDeclaration: "the default of a property needs a constant",
  Parameter: "the default of a parameter needs a constant",
  FunctionStaticDeclaration: "a static variable needs a constant",
  Attributes: "an attribute needs a constant",
  EnumCase: "a case of an enum needs a constant",
  DeclareStatement: "declare needs a constant",
};

/** PHP: a value becomes `getenv('NAME')`. */
export const php = grammarEditor("PHP", parser, (request, tree) => new Source(request, tree));

class Source implements Dialect<NodeLiteral> {
  readonly #text: string;
  readonly #tree: Tree;
  readonly #errors: ReturnType<typeof errorsOf>;
  readonly #function: string;

  constructor({ text }: EditRequest, tree: Tree) {
    this.#text = text;
    this.#tree = tree;
    this.#errors = errorsOf(tree);
    const own = nodesOf(this.#tree, "FunctionDefinition").some((node) => {
      const name = node.getChild("Name");
      return name !== null && textOf(text, name).toLowerCase() === "getenv";
    });
    this.#function = own ? "\\getenv" : "getenv";
  }

  form(name: string): string {
    return `${this.#function}('${name}')`;
  }

  find(place: Place): NodeLiteral | Refused {
    let node = innermost(this.#tree, place);
    if (node.name === "EscapeSequence" && node.parent !== null) node = node.parent;
    const byHand = `Write ${this.form(place.name)} in its place by hand.`;
    if (node.name.endsWith("Comment"))
      return refuse("it stands in a comment, which no program reads", "Take it out by hand.");
    if (node.name === "Text" || node.name === "Template")
      return refuse(
        "it is text of a page, which everyone who opens the page can read",
        "Take it out by hand.",
      );
    if (node.name === "HeredocString")
      return refuse(
        "it stands in a heredoc",
        `Read ${this.form(place.name)} into a variable, and write {$variable} there.`,
      );
    if (node.name === "ShellExpression")
      return refuse(
        "it stands in a command of the shell",
        `Read it there from the environment: "$${place.name}".`,
      );
    if (node.name !== "String") return refuse("it is not the content of a string", byHand);
    // A string may span lines, so a mistake above may have taken a closing quote for an opening one.
    if (this.#errors.some(({ start }) => start <= node.to))
      return refuse("the source before it has a syntax error, or syntax that is not known here", byHand);
    const open = /^b?["']/i.exec(textOf(this.#text, node))?.[0].length ?? 1;
    const literal = literalOf(this.#text, node, [open, 1], true);
    return { ...literal, holes: literal.holes.map((hole) => extended(this.#text, hole)) };
  }

  rewrite(literal: NodeLiteral, places: readonly Place[]): Rewritten | Refused {
    const { node } = literal;
    const form = this.form(places[0]?.name ?? "");
    const refusal = contextRefusal(node, this.#text, form);
    if (refusal !== null) return refusal;
    if (isWhole(literal, places)) return { edits: [replaced(this.#text, literal, form)] };
    if ([...ancestors(node)].some(({ name }) => name === "Interpolation"))
      return refuse("it is part of a string within another", `Read ${form} into a variable before it.`);
    const open = this.#text.slice(literal.start, literal.bodyStart);
    const edits = joined(this.#text, literal, places, {
      open,
      close: open.slice(-1),
      operator: " . ",
      parentheses: !ALONE.has(node.parent?.name ?? ""),
      value: (name) => this.form(name),
    });
    return { edits };
  }
}

/** `$name[key]` and `$name->key` belong together within a string. */
function extended(text: string, hole: Range): Range {
  if (text[hole.start] !== "$") return hole;
  const rest = /^(?:\[[^\]"]*\]?|\??->\w+)/.exec(text.slice(hole.end, hole.end + 1000));
  return { start: hole.start, end: hole.end + (rest?.[0].length ?? 0) };
}

function contextRefusal(node: SyntaxNode, text: string, form: string): Refused | null {
  for (const { name } of ancestors(node)) {
    const why = CONSTANT[name];
    if (why !== undefined)
      return refuse(
        why,
        name === "PropertyDeclaration"
          ? `Set it in the constructor: $this->… = ${form};`
          : `Call ${form} where the value is needed, or keep it in a variable.`,
      );
    if (name === "Block" || name === "ArrowFunction") break;
  }
  return isFormat(node, text)
    ? refuse(
        "the string is a format, which would read signs of the value as its own",
        `Put %s in its place, and pass ${form} as one of the values.`,
      )
    : null;
}

function isFormat(node: SyntaxNode, text: string): boolean {
  const call = node.parent?.parent;
  const callee = call?.firstChild;
  if (node.parent?.name !== "ArgList" || !callee) return false;
  if (!/^\\?v?[sf]?printf$/i.test(textOf(text, callee))) return false;
  return childrenOf(node.parent).find(({ name }) => name === "String")?.from === node.from;
}
