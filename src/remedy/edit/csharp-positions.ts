import { refuse } from "./literal.ts";
import type { Refused } from "./literal.ts";
import type { Token } from "./scan.ts";
import type { Tokens } from "./tokens.ts";

/** Why a string has to stay a literal; null where it is evaluated when the program runs. */
export function constantRefusal(literal: Token, tokens: Tokens, form: string): Refused | null {
  const before = tokens.wordBefore(literal);
  const after = tokens.wordAfter(literal);
  if (tokens.text.startsWith("u8", literal.end))
    return refuse(
      "a string of bytes has a type that a variable's value has not",
      `Encode ${form} as UTF-8 by hand.`,
    );
  if (/^(?:case|is|or|and|not)$/.test(before) || (after === "=" && tokens.wordAfter(literal, 2) === ">"))
    return refuse("a pattern needs a constant", `Compare with if (… == ${form}) instead.`);
  if (isConst(literal, tokens))
    return refuse(
      "a const needs a value that is known at compile time",
      `Make it static readonly: static readonly string … = ${form};`,
    );
  if (isInAttribute(literal, tokens))
    return refuse(
      "an attribute needs a value that is known at compile time",
      `Pass ${form} in code instead.`,
    );
  if (isDefault(literal, tokens))
    return refuse(
      "the default of a parameter needs a constant",
      `Make the default null, and use … ?? ${form} in the method.`,
    );
  const callee = before === "(" ? tokens.wordBefore(literal, 2) : "";
  if (/^(?:Format|AppendFormat|WriteLine|Write)$/.test(callee) && after === ",")
    return refuse(
      "the string is a format, which would read signs of the value as its own",
      `Put {0} in its place, and pass ${form} as one of the values.`,
    );
  return null;
}

/** Whether nothing that binds tighter than + stands beside it. */
export function isAlone(literal: Token, tokens: Tokens): boolean {
  return /^(?:[(,=]|return)$/.test(tokens.wordBefore(literal)) && /^[),;]$/.test(tokens.wordAfter(literal));
}

function isConst(literal: Token, tokens: Tokens): boolean {
  for (let at = tokens.before(literal); at !== undefined; at = tokens.before(at)) {
    if (/^[{};]$/.test(tokens.word(at))) return false;
    if (tokens.word(at) === "const") return true;
  }
  return false;
}

/** `[Name("…")]` before a declaration or a parameter; not an index, nor a collection. */
function isInAttribute(literal: Token, tokens: Tokens): boolean {
  for (const opener of tokens.around(literal)) {
    const word = tokens.word(opener);
    if (word === "{") return false;
    if (word !== "[") continue;
    const previous = tokens.before(opener);
    if (previous !== undefined && !/^[{};\](,]$/.test(tokens.word(previous))) continue;
    const closer = tokens.closer(opener);
    const next = closer === undefined ? undefined : tokens.after(closer);
    if (tokens.wordAfter(opener) !== "" && /^[\w@[]/.test(tokens.word(next))) return true;
  }
  return false;
}

/** `(string name = "…"`: a type and a name in parentheses that are not those of a statement. */
function isDefault(literal: Token, tokens: Tokens): boolean {
  if (tokens.wordBefore(literal) !== "=") return false;
  const [opener] = tokens.around(literal);
  if (tokens.word(opener) !== "(") return false;
  if (/^(?:for|using|fixed|if|while|foreach|lock|switch)$/.test(tokens.word(tokens.before(opener))))
    return false;
  return /^\w+$/.test(tokens.wordBefore(literal, 2)) && /^[\w\]?>]+$/.test(tokens.wordBefore(literal, 3));
}
