import { parser } from "@lezer/java";
import type { EditRequest, Place } from "../../model/edit.ts";
import { shippedApp } from "./android.ts";
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
  "VariableDeclarator",
  "AssignmentExpression",
  "ArgumentList",
  "ReturnStatement",
  "ArrayInitializer",
]);

/** Java: a value becomes `System.getenv("NAME")`. */
export const java = grammarEditor("Java", parser, (request, tree) => new Source(request, tree));

class Source implements Dialect<NodeLiteral> {
  readonly #text: string;
  readonly #tree: Tree;
  readonly #errors: ReturnType<typeof errorsOf>;
  readonly #app: Refused | null;
  readonly #system: string;

  constructor({ path, text, project }: EditRequest, tree: Tree) {
    this.#text = text;
    this.#tree = tree;
    this.#errors = errorsOf(tree);
    this.#app = shippedApp(path, project);
    const own = nodesOf(tree, "Definition").some((node) => textOf(text, node) === "System");
    const imported = nodesOf(this.#tree, "ImportDeclaration").some((node) =>
      /\.System\s*;$/.test(textOf(text, node)),
    );
    this.#system = own || imported ? "java.lang.System" : "System";
  }

  form(name: string): string {
    return `${this.#system}.getenv("${name}")`;
  }

  find(place: Place): NodeLiteral | Refused {
    if (this.#app !== null) return this.#app;
    const node = innermost(this.#tree, place);
    const byHand = `Write ${this.form(place.name)} in its place by hand.`;
    if (node.name.endsWith("Comment"))
      return refuse("it stands in a comment, which no program reads", "Take it out by hand.");
    if (node.name === "TextBlock")
      return refuse(
        "it stands in a text block",
        `Take the text apart, and join its lines with + and ${this.form(place.name)}.`,
      );
    if (node.name !== "StringLiteral") return refuse("it is not the content of a string", byHand);
    if (isMisread(node, this.#errors, (name) => /Statement$|Declaration$|^Annotation$/.test(name)))
      return refuse("the source round it has a syntax error, or syntax that is not known here", byHand);
    return literalOf(this.#text, node, [1, 1], true);
  }

  rewrite(literal: NodeLiteral, places: readonly Place[]): Rewritten | Refused {
    const { node } = literal;
    const form = this.form(places[0]?.name ?? "");
    const whole = isWhole(literal, places);
    const refusal = contextRefusal(node, this.#text, form) ?? this.#constant(node, form);
    if (refusal !== null) return refusal;
    if (whole) return { edits: [replaced(this.#text, literal, form)] };
    const edits = joined(this.#text, literal, places, {
      open: '"',
      close: '"',
      operator: " + ",
      parentheses: !ALONE.has(node.parent?.name ?? ""),
      value: (name) => this.form(name),
    });
    return { edits };
  }

  /** A final field whose value a case or an annotation of this file needs at compile time. */
  #constant(node: SyntaxNode, form: string): Refused | null {
    const declarator = [...ancestors(node)].find(({ name }) => name === "VariableDeclarator");
    const definition = declarator?.getChild("Definition");
    if (!definition) return null;
    const name = textOf(this.#text, definition);
    const needed = nodesOf(this.#tree, "Identifier").some(
      (use) =>
        textOf(this.#text, use) === name &&
        [...ancestors(use)].some((parent) => /^SwitchLabel$|^AnnotationArgumentList$/.test(parent.name)),
    );
    return needed
      ? refuse(
          `${name} is used in a case or an annotation, which need a value that is known at compile time`,
          `Keep the annotation free of it, then write ${form} by hand.`,
        )
      : null;
  }
}

function contextRefusal(node: SyntaxNode, text: string, form: string): Refused | null {
  for (const { name } of ancestors(node)) {
    if (name === "Annotation" || name.startsWith("AnnotationType"))
      return refuse(
        "an annotation needs a value that is known at compile time",
        `Let the annotation name a setting ("\${…}", where its framework knows that), or pass ${form} in code.`,
      );
    if (name === "SwitchLabel")
      return refuse("a case needs a constant", `Compare with if (${form}.equals(…)) instead of the case.`);
    if (name === "Block" || name === "ClassBody") break;
  }
  if (node.parent?.name === "ExpressionStatement")
    return refuse("it is not understood what the string is for", `Write ${form} in its place by hand.`);
  return isFormat(node, text)
    ? refuse(
        "the string is a format, which would read signs of the value as its own",
        `Put %s in its place, and pass ${form} as one of the values.`,
      )
    : null;
}

/** `"…".formatted(…)`, and the first string given to `format` or `printf`. */
function isFormat(node: SyntaxNode, text: string): boolean {
  const parent = node.parent;
  const call = parent?.name === "ArgumentList" ? parent.parent : parent;
  const method = call?.getChild("MethodName");
  if (!parent || !method) return false;
  if (parent.name === "MethodInvocation") return textOf(text, method) === "formatted";
  if (!/^(?:format|printf)$/.test(textOf(text, method))) return false;
  return childrenOf(parent).find(({ name }) => name === "StringLiteral")?.from === node.from;
}
