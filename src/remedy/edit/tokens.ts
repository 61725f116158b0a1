import type { Place } from "../../model/edit.ts";
import { innermostOf, refuse } from "./literal.ts";
import type { Refused } from "./literal.ts";
import type { Scanned, TextToken, Token } from "./scan.ts";

/** Finds one's way among the tokens of a source. */
export class Tokens {
  readonly text: string;
  readonly #scanned: Scanned;
  readonly #indices = new Map<Token, number>();
  /** The string in whose interpolation a token stands. */
  readonly #outer = new Map<Token, Token>();
  readonly #partners = new Map<Token, Token>();
  readonly #strings: readonly TextToken[];

  constructor(text: string, scanned: Scanned) {
    this.text = text;
    this.#scanned = scanned;
    this.#strings = scanned.tokens.filter((token) => token.kind === "text");
    const strings: Token[] = [];
    const open: Token[] = [];
    for (const [index, token] of scanned.tokens.entries()) {
      this.#indices.set(token, index);
      while ((strings.at(-1)?.end ?? Infinity) <= token.start) strings.pop();
      const outer = strings.at(-1);
      if (outer !== undefined) this.#outer.set(token, outer);
      if (token.kind === "text") strings.push(token);
      const word = this.word(token);
      if (/^[([{]$/.test(word)) open.push(token);
      const opener = /^[)\]}]$/.test(word) ? open.pop() : undefined;
      if (opener === undefined) continue;
      this.#partners.set(opener, token);
      this.#partners.set(token, opener);
    }
  }

  get all(): readonly Token[] {
    return this.#scanned.tokens;
  }

  /** The innermost string round a place, or why there is none. */
  find(place: Place, form: string): TextToken | Refused {
    const byHand = `Write ${form} in its place by hand.`;
    const inner = innermostOf(this.#strings, place);
    const comment = this.#scanned.comments.findLast(
      ({ start, end }) => start < place.end && place.start < end,
    );
    if (comment !== undefined && (inner === undefined || comment.start >= inner.start))
      return refuse("it stands in a comment, which no program reads", "Take it out by hand.");
    if (inner === undefined) return refuse("it is not the content of a string", byHand);
    if (this.#scanned.problems.some((offset) => offset <= inner.end))
      return refuse("the source before it has a bracket or a string that is not closed", byHand);
    return inner;
  }

  /** The text of a word or sign; nothing for a string. */
  word(token: Token | undefined): string {
    return token === undefined || token.kind === "text" ? "" : this.text.slice(token.start, token.end);
  }

  /** The token before, in the same code. */
  before(token: Token | undefined, steps = 1): Token | undefined {
    let at = token;
    for (let step = 0; step < steps && at !== undefined; step += 1) {
      const outer: Token | undefined = this.#outer.get(at);
      let found: Token | undefined = this.all[this.#index(at) - 1];
      while (found !== undefined && found !== outer && this.#outer.get(found) !== outer)
        found = this.#outer.get(found);
      at = found === outer ? undefined : found;
    }
    return at;
  }

  /** The token after, in the same code. */
  after(token: Token | undefined, steps = 1): Token | undefined {
    let at = token;
    for (let step = 0; step < steps && at !== undefined; step += 1) {
      const { end } = at;
      let index = this.#index(at) + 1;
      while ((this.all[index]?.start ?? Infinity) < end) index += 1;
      const found: Token | undefined = this.all[index];
      at = found !== undefined && this.#outer.get(found) === this.#outer.get(at) ? found : undefined;
    }
    return at;
  }

  wordBefore(token: Token, steps = 1): string {
    return this.word(this.before(token, steps));
  }

  wordAfter(token: Token, steps = 1): string {
    return this.word(this.after(token, steps));
  }

  /** Brackets that are open at a token, the innermost first, up to the string round it. */
  *around(token: Token): Generator<Token> {
    for (let at = this.before(token); at !== undefined; at = this.before(at)) {
      const partner = this.#partners.get(at);
      if (/^[([{]$/.test(this.word(at))) yield at;
      else if (partner !== undefined) at = partner;
    }
  }

  closer(opener: Token): Token | undefined {
    return this.#partners.get(opener);
  }

  #index(token: Token): number {
    return this.#indices.get(token) ?? 0;
  }
}
