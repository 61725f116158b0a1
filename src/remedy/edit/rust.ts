import { parser } from "@lezer/rust";
import type { EditRequest, Place, TextEdit } from "../../model/edit.ts";
import { isWhole, refuse, replaced } from "./literal.ts";
import type { Dialect, Refused, Rewritten } from "./literal.ts";
import { constantRefusal, isDisplayed, owned, startsStatement } from "./rust-positions.ts";
import { errorsOf, grammarEditor, innermost, isMisread, literalOf, nodesOf, textOf } from "./syntax.ts";
import type { NodeLiteral, Tree } from "./syntax.ts";

interface RustLiteral extends NodeLiteral {
  /** `"`, `r#"`. */
  readonly open: string;
  readonly close: string;
}

/**
 * Rust: a value becomes `std::env::var("NAME").expect("NAME is not set")` where a `String` is wanted. Where the type has
 * to stay `&'static str`, that is kept in a static of the expression's own (Rust 1.70), read once.
 */
export const rust = grammarEditor("Rust", parser, (request, tree) => new Source(request, tree));

class Source implements Dialect<RustLiteral> {
  readonly #text: string;
  readonly #tree: Tree;
  readonly #errors: ReturnType<typeof errorsOf>;

  constructor({ text }: EditRequest, tree: Tree) {
    this.#text = text;
    this.#tree = tree;
    this.#errors = errorsOf(tree);
  }

  form(name: string): string {
    return `std::env::var("${name}").expect("${name} is not set")`;
  }

  find(place: Place): RustLiteral | Refused {
    let node = innermost(this.#tree, place);
    if (node.name === "Escape" && node.parent !== null) node = node.parent;
    const byHand = `Write ${this.form(place.name)} in its place by hand.`;
    if (node.name.endsWith("Comment"))
      return refuse("it stands in a comment, which no program reads", "Take it out by hand.");
    const marks = /^([a-z]*)(#*)"/.exec(textOf(this.#text, node));
    if ((node.name !== "String" && node.name !== "RawString") || marks === null)
      return refuse("it is not the content of a string", byHand);
    const [open, prefix = "", hashes = ""] = marks;
    if (/[bc]/.test(prefix))
      return refuse(
        "a string of bytes has a type that a variable's value has not",
        `Use ${this.form(place.name)}.into_bytes() by hand, and mind the type.`,
      );
    if (isMisread(node, this.#errors, (name) => /Statement$|Item$|Declaration$/.test(name)))
      return refuse("the source round it has a syntax error, or syntax that is not known here", byHand);
    const close = `"${hashes}`;
    return { ...literalOf(this.#text, node, [open.length, close.length], prefix === ""), open, close };
  }

  rewrite(literal: RustLiteral, places: readonly Place[]): Rewritten | Refused {
    const { node } = literal;
    const form = this.form(places[0]?.name ?? "");
    const refusal = constantRefusal(node, this.#text, form);
    if (refusal !== null) return refusal;
    const whole = isWhole(literal, places);
    const call = owned(node, this.#text);
    if (call !== null || isDisplayed(node, this.#text)) {
      const range = { start: call?.from ?? literal.start, end: call?.to ?? literal.end };
      return {
        edits: whole ? [replaced(this.#text, range, form)] : this.#formatted(literal, places, range, "", ""),
      };
    }
    if (startsStatement(node))
      return refuse(
        "the expression begins a statement, where a block would be one of its own",
        `Read it before: let value = ${form};`,
      );
    const before =
      "{ static VALUE: std::sync::OnceLock<String> = std::sync::OnceLock::new(); VALUE.get_or_init(|| ";
    const after = ").as_str() }";
    return {
      edits: whole
        ? [replaced(this.#text, literal, before + form + after)]
        : this.#formatted(literal, places, literal, before, after),
      notes: ["In Rust the value is read once, when it is first needed (std::sync::OnceLock, Rust 1.70)."],
    };
  }

  /** `format!("text {} text", …)` of a literal, in place of a range round it. */
  #formatted(
    literal: RustLiteral,
    places: readonly Place[],
    range: { start: number; end: number },
    before: string,
    after: string,
  ): TextEdit[] {
    const edits: TextEdit[] = [
      { start: range.start, end: literal.bodyStart, text: `${before}format!(${literal.open}` },
      ...places.map(({ start, end }) => ({ start, end, text: "{}" })),
    ];
    const kept = (at: number): boolean =>
      [...literal.holes, ...places].every((hole) => at < hole.start || at >= hole.end);
    for (let at = literal.bodyStart; at < literal.bodyEnd; at += 1) {
      const sign = this.#text.charAt(at);
      if ((sign === "{" || sign === "}") && kept(at)) edits.push({ start: at, end: at, text: sign });
    }
    const values = places.map(({ name }) => `, ${this.form(name)}`).join("");
    edits.push({ start: literal.bodyEnd, end: range.end, text: `${literal.close}${values})${after}` });
    return edits;
  }

  supply(): Rewritten | Refused {
    const bare = nodesOf(this.#tree, "InnerAttribute").some((node) =>
      /\bno_std\b/.test(textOf(this.#text, node)),
    );
    return bare
      ? refuse(
          "the crate does without std, and so without variables",
          "Hand the value in from the program that uses it.",
        )
      : { edits: [] };
  }
}
