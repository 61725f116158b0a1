import { parser } from "@lezer/javascript";
import type { Editor, EditRequest, Place } from "../../model/edit.ts";
import { browserReason, isPublicName } from "./browser.ts";
import type { BrowserReason } from "./browser.ts";
import { enclosingFunctions, factsOf } from "./javascript-facts.ts";
import type { ScriptFacts } from "./javascript-facts.ts";
import { literalRefusal, positionRefusal } from "./javascript-positions.ts";
import { isRefused, isWhole, refuse, replaced } from "./literal.ts";
import type { Dialect, Refused, Rewritten } from "./literal.ts";
import { errorsOf, grammarEditor, innermost, isMisread, literalOf, textOf } from "./syntax.ts";
import type { NodeLiteral, SyntaxNode, Tree } from "./syntax.ts";
import { needsBrackets } from "./typescript-config.ts";

const STRINGS = new Set(["String", "TemplateString", "JSXAttributeValue"]);
const JSX_NOTE =
  "Look whether the component is rendered on the server only: what a browser gets cannot hold a secret.";

/** JavaScript, with JSX: a value becomes `process.env.NAME`. */
export const javascript = editor("JavaScript", "jsx");
/** TypeScript: as JavaScript, with the `!` that its types need. */
export const typescript = editor("TypeScript", "ts");
export const tsx = editor("TSX", "ts jsx");

function editor(name: string, dialect: string): Editor {
  const grammar = parser.configure({ dialect });
  return grammarEditor(name, grammar, (request, tree) => new Script(request, tree));
}

class Script implements Dialect<NodeLiteral> {
  readonly #text: string;
  readonly #tree: Tree;
  readonly #facts: ScriptFacts;
  readonly #errors: ReturnType<typeof errorsOf>;
  readonly #browser: BrowserReason | null;
  readonly #bang: string;
  readonly #brackets: boolean;

  constructor({ path, text, project }: EditRequest, tree: Tree) {
    const typed = /\.[cm]?tsx?$/i.test(path);
    this.#text = text;
    this.#tree = tree;
    this.#errors = errorsOf(tree);
    this.#facts = factsOf(tree, text);
    this.#browser = browserReason(path, this.#facts, project);
    this.#bang = typed ? "!" : "";
    this.#brackets = typed && needsBrackets(path, project);
  }

  form(name: string): string {
    const env = this.#facts.processRebound ? "globalThis.process.env" : "process.env";
    return (this.#brackets ? `${env}["${name}"]` : `${env}.${name}`) + this.#bang;
  }

  find(place: Place): NodeLiteral | Refused {
    let node = innermost(this.#tree, place);
    if (node.name === "Escape" && node.parent !== null) node = node.parent;
    if (!STRINGS.has(node.name)) return positionRefusal(node.name, this.form(place.name));
    const refusal = this.#elsewhere(node, place);
    if (refusal !== null) return refusal;
    const multiline = node.name === "TemplateString" && this.#errors.some(({ start }) => start < node.to);
    if (multiline || isMisread(node, this.#errors, isStatement))
      return refuse(
        "the source round it has a syntax error, or syntax that is not known here",
        `Write ${this.form(place.name)} in place of the string by hand.`,
      );
    const jsx = node.name === "JSXAttributeValue";
    const literal = literalOf(this.#text, node, [1, 1], !jsx);
    return jsx ? { ...literal, holes: entities(this.#text, literal) } : literal;
  }

  /** What speaks against an environment variable at all: a browser has none. */
  #elsewhere(node: SyntaxNode, place: Place): Refused | null {
    if (isPublicName(place.name))
      return refuse(
        `a variable called ${place.name} is copied into the browser's bundle by its build tool`,
        "Give it a name without that prefix (--name), and read it on the server only.",
      );
    if (this.#browser === null) return null;
    const onServer = this.#browser.exceptIn.size > 0 && enclosingFunctions(node, this.#text);
    if (onServer !== false && onServer.some((name) => this.#browser?.exceptIn.has(name) === true))
      return null;
    return refuse(
      `${this.#browser.why}: a bundle cannot hold a secret`,
      `Move the call that needs the value to your server, and read ${this.form(place.name)} there.`,
      "Let the browser ask that server; whoever opens the page can read everything that is sent to it.",
    );
  }

  rewrite(literal: NodeLiteral, places: readonly Place[]): Rewritten | Refused {
    const whole = isWhole(literal, places);
    const name = places[0]?.name ?? "";
    const refusal = literalRefusal(literal.node, whole, this.form(name));
    if (refusal !== null) return refusal;
    if (literal.node.name === "JSXAttributeValue")
      return { edits: [{ ...at(literal), text: `{${this.form(name)}}` }], notes: [JSX_NOTE] };
    if (whole)
      return { edits: [this.#fallback(literal, name) ?? replaced(this.#text, literal, this.form(name))] };
    const spliced = places.map(({ start, end, name: own }) => ({
      start,
      end,
      text: `\${${this.form(own)}}`,
    }));
    if (literal.node.name === "TemplateString") return { edits: spliced };
    const opened = template(this.#text, literal, places);
    return isRefused(opened) ? opened : { edits: [...opened.edits, ...spliced] };
  }

  /** `process.env.N || "value"`: the variable itself stays. */
  #fallback(literal: NodeLiteral, name: string): { start: number; end: number; text: string } | null {
    const { node } = literal;
    const left = node.parent?.firstChild;
    const operator = node.prevSibling;
    if (node.parent?.name !== "BinaryExpression" || !left || operator === null) return null;
    if (!["||", "??"].includes(textOf(this.#text, operator))) return null;
    const variable = textOf(this.#text, left).replace(/\s/g, "");
    if (![`process.env.${name}`, `process.env["${name}"]`, `process.env['${name}']`].includes(variable))
      return null;
    return { start: left.to, end: literal.end, text: this.#bang };
  }
}

function at({ start, end }: NodeLiteral): { start: number; end: number } {
  return { start, end };
}

function isStatement(name: string): boolean {
  return /Statement$|Declaration$|^(?:Script|ClassBody)$/.test(name);
}

/** HTML's entities, which are the escapes of a JSX attribute. */
function entities(text: string, { bodyStart, bodyEnd }: NodeLiteral): { start: number; end: number }[] {
  const found = [];
  for (
    let from = text.indexOf("&", bodyStart);
    from >= 0 && from < bodyEnd;
    from = text.indexOf("&", from + 1)
  ) {
    const close = text.indexOf(";", from);
    if (close > 0 && close < bodyEnd) found.push({ start: from, end: close + 1 });
  }
  return found;
}

/** The edits besides the places that make a template of a quoted string. */
function template(text: string, literal: NodeLiteral, places: readonly Place[]): Rewritten | Refused {
  const { start, end, bodyStart, bodyEnd, holes } = literal;
  for (const hole of holes)
    if (/^\\(?:[1-9]|0[0-9])/.test(text.slice(hole.start, hole.end + 1)))
      return refuse(
        "the string has an octal escape, which a template cannot have",
        "Write the escape as \\x.., then run stow again.",
      );
  const edits = [
    { start, end: bodyStart, text: "`" },
    { start: bodyEnd, end, text: "`" },
  ];
  const kept = (offset: number): boolean =>
    [...holes, ...places].every((range) => offset < range.start || offset >= range.end);
  for (let offset = bodyStart; offset < bodyEnd; offset += 1) {
    const special = text[offset] === "`" || (text[offset] === "$" && text[offset + 1] === "{");
    if (special && kept(offset)) edits.push({ start: offset, end: offset, text: "\\" });
  }
  return { edits };
}
