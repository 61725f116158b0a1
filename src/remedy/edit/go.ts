import { parser } from "@lezer/go";
import type { EditRequest, Place } from "../../model/edit.ts";
import { goImport } from "./go-import.ts";
import { isWhole, joined, refuse, replaced } from "./literal.ts";
import type { Dialect, Refused, Rewritten } from "./literal.ts";
import {
  ancestors,
  childrenOf,
  errorsOf,
  grammarEditor,
  innermost,
  isMisread,
  literalOf,
  nodesOf,
  textOf,
} from "./syntax.ts";
import type { NodeLiteral, SyntaxNode, Tree } from "./syntax.ts";

/** Where an expression stands alone, so that a sum needs no parentheses. */
const ALONE = new Set([
  "VarSpec",
  "VarDecl",
  "Assignment",
  "Arguments",
  "ReturnStatement",
  "Element",
  "Key",
  "LiteralValue",
  "Conversion",
]);

/** Go: a value becomes `os.Getenv("NAME")`. */
export const go = grammarEditor("Go", parser, (request, tree) => new Source(request, tree));

class Source implements Dialect<NodeLiteral> {
  readonly #text: string;
  readonly #tree: Tree;
  readonly #errors: ReturnType<typeof errorsOf>;
  readonly #import: ReturnType<typeof goImport>;

  constructor({ text }: EditRequest, tree: Tree) {
    this.#text = text;
    this.#tree = tree;
    this.#errors = errorsOf(tree);
    this.#import = goImport(this.#tree, text);
  }

  form(name: string): string {
    return `${this.#import.alias}.Getenv("${name}")`;
  }

  find(place: Place): NodeLiteral | Refused {
    const node = innermost(this.#tree, place);
    const byHand = `Write ${this.form(place.name)} in its place by hand.`;
    if (node.name.endsWith("Comment"))
      return refuse("it stands in a comment, which no program reads", "Take it out by hand.");
    if (node.name !== "String") return refuse("it is not the content of a string", byHand);
    const raw = this.#text[node.from] === "`";
    const shifted = raw && this.#errors.some(({ start, end }) => start < end && start < node.from);
    const isStatement = (name: string): boolean => /Statement$|Decl$|Spec$|^Assignment$/.test(name);
    if (shifted || isMisread(node, this.#errors, isStatement, { joins: false }))
      return refuse("the source round it has a syntax error, or syntax that is not known here", byHand);
    return literalOf(this.#text, node, [1, 1], !raw);
  }

  rewrite(literal: NodeLiteral, places: readonly Place[]): Rewritten | Refused {
    const { node } = literal;
    const form = this.form(places[0]?.name ?? "");
    const refusal = contextRefusal(node, this.#text, form);
    if (refusal !== null) return refusal;
    const type = namedType(node, this.#text);
    if (isWhole(literal, places))
      return { edits: [replaced(this.#text, literal, type === null ? form : `${type}(${form})`)] };
    if (type !== null)
      return refuse(`it is part of a string of type ${type}`, `Write it as ${type}("…" + ${form}) by hand.`);
    const quote = this.#text.charAt(node.from);
    const parentheses = !ALONE.has(node.parent?.name ?? "");
    const edits = joined(this.#text, literal, places, {
      open: quote,
      close: quote,
      operator: isTight(node, parentheses) ? "+" : " + ",
      parentheses,
      value: (name) => this.form(name),
    });
    return { edits };
  }

  supply(): Rewritten | Refused {
    const { alias } = this.#import;
    const shadowed = nodesOf(this.#tree, "DefName").some(
      (node) => textOf(this.#text, node) === alias && node.parent?.name !== "ImportSpec",
    );
    if (shadowed || this.#import.taken)
      return refuse(
        `the name ${alias} means something else in this file`,
        `Rename it, or import "os" under another name, and call its Getenv by hand.`,
      );
    return { edits: this.#import.edits };
  }
}

function contextRefusal(node: SyntaxNode, text: string, form: string): Refused | null {
  for (const parent of ancestors(node)) {
    switch (parent.name) {
      case "ImportSpec":
        return refuse("it names a package that is imported", "Use the package's address without the secret.");
      case "FieldDecl":
        return refuse("the tag of a field needs a literal", "Take the value out of the tag.");
      case "ConstSpec":
        return refuse(
          "a const needs a value that is known at compile time",
          `Make it a variable: var … = ${form}.`,
        );
      case "Case":
        return refuse("a case is best a constant", `Compare with if … == ${form} instead of the case.`);
      case "ArrayType":
        return refuse(
          "an array's length needs a constant",
          `Write ${form} where the value itself is needed.`,
        );
      case "ExprStatement":
        if (parent.firstChild?.from === node.from && parent.firstChild.to === node.to)
          return refuse("it is a statement without effect", "Delete the statement.");
        break;
      default:
    }
    if (/Statement$|Decl$|^Block$/.test(parent.name)) break;
  }
  return isFormat(node, text)
    ? refuse(
        "the string is a format, which would read signs of the value as its own",
        `Put %s in its place, and pass ${form} as one of the values.`,
      )
    : null;
}

/** The first string of a call to a function like Printf. */
function isFormat(node: SyntaxNode, text: string): boolean {
  const call = node.parent?.parent;
  if (node.parent?.name !== "Arguments" || call?.name !== "CallExpr") return false;
  const callee = call.firstChild;
  if (callee === null || !/[a-z]f$/.test(textOf(text, callee))) return false;
  return childrenOf(node.parent).find(({ name }) => name === "String")?.from === node.from;
}

/** The type of a variable that is declared with one other than string: a literal takes it, a call does not. */
function namedType(node: SyntaxNode, text: string): string | null {
  const spec = node.parent;
  if (spec?.name !== "VarSpec") return null;
  const type = childrenOf(spec).find(({ name }) => /Type|TypeName$/.test(name));
  if (type === undefined || textOf(text, type) === "string") return null;
  return textOf(text, type);
}

/** Whether gofmt writes a sum there without spaces: among several arguments, and deep in an expression (go/printer, `cutoff`). */
function isTight(node: SyntaxNode, parentheses: boolean): boolean {
  const path: SyntaxNode[] = [];
  let depth = 1;
  for (const parent of ancestors(node)) {
    if (/^(?:Assignment|VarDecl)$/.test(parent.name) && assignsSeveral(parent)) depth += 1;
    if (/Statement$|Decl$|Spec$|^(?:Assignment|Block|LiteralValue)$/.test(parent.name)) break;
    path.push(parent);
  }
  for (const { name, node: inner } of path.toReversed()) {
    if (name === "BinaryExp" || name === "IndexExpr") depth += 1;
    if (name === "ParenthesizedExpr") depth = Math.max(1, depth - 1);
    if (name === "CallExpr" && hasSeveral(inner.getChild("Arguments"))) depth += 1;
  }
  return (parentheses ? depth - 1 : depth) > 1;
}

/** `a, b = c, d`; not `a, b = f()`. */
function assignsSeveral(statement: SyntaxNode): boolean {
  const signs = childrenOf(statement).map(({ name }) => name);
  return signs.lastIndexOf(",") > signs.findIndex((name) => name.endsWith("="));
}

function hasSeveral(list: SyntaxNode | null): boolean {
  return list !== null && childrenOf(list).some(({ name }) => name === ",");
}
