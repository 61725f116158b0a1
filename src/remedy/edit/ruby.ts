import type { Editor, EditRequest, Place } from "../../model/edit.ts";
import { isWhole, refuse, replaced, rewriteLiterals } from "./literal.ts";
import type { Dialect, Refused, Rewritten } from "./literal.ts";
import { RUBY } from "./ruby-lexicon.ts";
import { scan } from "./scan.ts";
import type { TextToken, Token } from "./scan.ts";
import { Tokens } from "./tokens.ts";

/** Ruby: a value becomes `ENV.fetch("NAME")`, which fails at once where the variable is missing. */
export const ruby: Editor = {
  name: "Ruby",
  edit: (request) => rewriteLiterals(request, new Source(request)),
  problems: (text) => scan(text, RUBY).problems.length,
};

/** Kinds of strings that may become an expression, and those that may hold one. */
const PLAIN = new Set(["double", "single", "%", "%q", "%Q"]);
const INTERPOLATING = new Set(["double", "%", "%Q"]);

const ELSEWHERE: Readonly<Record<string, readonly [string, (form: string) => string]>> = {
  heredoc: [
    "it stands in a heredoc",
    (form) => `Write #{${form}} there by hand, if the heredoc is not quoted.`,
  ],
  command: [
    "it stands in a command of the shell",
    (form) => `Write #{${form}} there by hand, and mind the shell's quotes.`,
  ],
  pattern: ["it stands in a regular expression", (form) => `Write #{Regexp.escape(${form})} there by hand.`],
};

class Source implements Dialect<TextToken> {
  readonly #tokens: Tokens;

  constructor({ text }: EditRequest) {
    this.#tokens = new Tokens(text, scan(text, RUBY));
  }

  form(name: string): string {
    return `ENV.fetch("${name}")`;
  }

  find(place: Place): TextToken | Refused {
    return this.#tokens.find(place, this.form(place.name));
  }

  rewrite(literal: TextToken, places: readonly Place[]): Rewritten | Refused {
    const name = places[0]?.name ?? "";
    const form = this.form(name);
    if (!PLAIN.has(literal.style)) {
      const [why, instead] = ELSEWHERE[literal.style] ?? [
        "it stands in a list of words",
        (code: string) => `Write the list as ["…", ${code}] by hand.`,
      ];
      return refuse(why, instead(form));
    }
    const refusal = this.#context(literal, form);
    if (refusal !== null) return refusal;
    if (isWhole(literal, places))
      return { edits: [this.#fallback(literal, name) ?? replaced(this.#tokens.text, literal, form)] };
    if (!INTERPOLATING.has(literal.style))
      return refuse(
        "the string's quotes take everything as it is",
        `Write it in double quotes, with #{${form}} in the value's place; mind backslashes and # in it.`,
      );
    return {
      edits: places.map(({ start, end, name: own }) => ({ start, end, text: `#{${this.form(own)}}` })),
    };
  }

  #context(literal: TextToken, form: string): Refused | null {
    const tokens = this.#tokens;
    const before = tokens.wordBefore(literal);
    const after = tokens.wordAfter(literal);
    if (before === ":" && tokens.before(literal)?.end === literal.start)
      return refuse("it is a symbol", `Write ${form}.to_sym by hand, if it has to be a symbol at all.`);
    if (
      (after === "=" && tokens.wordAfter(literal, 2) === ">") ||
      (after === ":" && tokens.after(literal)?.start === literal.end)
    )
      return refuse("it is a key", `Write the key as ${form} => … by hand, if it has to be a key at all.`);
    if ([tokens.before(literal), tokens.after(literal)].some(isString))
      return refuse(
        "it is one of several strings that are joined by standing together",
        `Join them with + and ${form} by hand.`,
      );
    if (before === "in")
      return refuse("a pattern needs a literal", `Compare with ${form} in a guard by hand.`);
    const callee = before === "(" ? tokens.wordBefore(literal, 2) : before;
    if (after === "%" || /^(?:format|sprintf|printf)$/.test(callee))
      return refuse(
        "the string is a format, which would read signs of the value as its own",
        `Put %s in its place, and pass ${form} as one of the values.`,
      );
    if (
      (after === "<" && tokens.wordAfter(literal, 2) === "<") ||
      (after === "." && tokens.wordAfter(literal, 2).endsWith("!"))
    )
      return refuse(
        "the string is changed where it stands, and a variable's value cannot be",
        `Write ${form}.dup by hand.`,
      );
    return null;
  }

  /** A default that belongs to a variable: `ENV.fetch("X", "value")`, `ENV["NAME"] || "value"`. */
  #fallback(literal: TextToken, name: string): { start: number; end: number; text: string } | null {
    const tokens = this.#tokens;
    const words = (count: number): string[] =>
      Array.from({ length: count }, (_, step) => tokens.wordBefore(literal, step + 1));
    const contentOf = (steps: number): string => {
      const token = tokens.before(literal, steps);
      return token?.kind === "text" ? tokens.text.slice(token.bodyStart, token.bodyEnd) : "";
    };
    const [comma, , open, fetch, dot, env] = words(6);
    if (comma === "," && open === "(" && fetch === "fetch" && dot === "." && env === "ENV") {
      if (contentOf(2) !== name) return { ...span(literal), text: `ENV["${name}"]` };
      return { start: tokens.before(literal)?.start ?? literal.start, end: literal.end, text: "" };
    }
    const [bar, second, close, , bracket, holder] = words(6);
    if (bar !== "|" || second !== "|" || close !== "]" || bracket !== "[" || holder !== "ENV") return null;
    if (contentOf(4) !== name) return null;
    return { start: tokens.before(literal, 3)?.end ?? literal.start, end: literal.end, text: "" };
  }
}

/** A string that stands in its line; the body of a heredoc follows its line wherever that ends. */
function isString(token: Token | undefined): boolean {
  return token?.kind === "text" && token.style !== "heredoc";
}

function span({ start, end }: TextToken): { start: number; end: number } {
  return { start, end };
}
