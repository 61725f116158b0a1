import { refuse } from "./literal.ts";
import type { Refused } from "./literal.ts";
import { ancestors, childrenOf, textOf } from "./syntax.ts";
import type { SyntaxNode } from "./syntax.ts";

/** Macros that show what they are given, whatever its type. */
const SHOWING =
  /^(?:(?:std|core|alloc|log|tracing)::)?(?:e?print(?:ln)?|format|write(?:ln)?|panic|trace|debug|info|warn|error)$/;

/** Why a string has to stay a literal; null where it is evaluated when the program runs. */
export function constantRefusal(node: SyntaxNode, text: string, form: string): Refused | null {
  const inCode = `Make it a function, or a std::sync::LazyLock<String> with ${form} (never env!, which puts the value into the program).`;
  for (const parent of ancestors(node)) {
    const { name } = parent;
    if (/Attribute|MetaItem/.test(name))
      return refuse("an attribute needs a literal", "Take the value out of the attribute.");
    if (name === "ConstItem" || name === "StaticItem" || name === "ConstBlock" || name === "EnumVariant")
      return refuse("a const or static needs a value that is known at compile time", inCode);
    if (name.endsWith("Pattern") || name === "MatchPattern")
      return refuse("a pattern needs a literal", `Compare in a guard: value if value == ${form}.`);
    if (name === "MacroDefinition" || name === "ForeignModItem" || name === "ExternCrateDeclaration")
      return refuse("it has to be a literal there", inCode);
    if (name === "MacroInvocation")
      return isEvaluated(node, text)
        ? null
        : refuse(
            "it is part of a macro's input, which may have to be a literal",
            `Read it before: let value = ${form}; and give the macro the variable.`,
          );
    if (name === "ArrayType" || name === "TypeArgList") return refuse("a type needs a constant", inCode);
    if (name === "ArrayExpression" && afterSemicolon(node, parent))
      return refuse("an array's length needs a constant", inCode);
    if (name === "ArgList" && isEager(parent, text))
      return refuse(
        "as an argument it would be read also where it is not needed",
        `Write unwrap_or_else(|_| ${form}) by hand.`,
      );
    if (name === "ClosureExpression") return null;
    if (name === "FunctionItem")
      return isConst(parent) ? refuse("a const fn is evaluated at compile time", inCode) : null;
  }
  return refuse("it is not part of a function", inCode);
}

/** An argument of a macro like `println!`, after its format: what it is shown as is the same for every type of string. */
export function isDisplayed(node: SyntaxNode, text: string): boolean {
  const next = node.nextSibling?.name ?? "";
  const previous = node.prevSibling?.name ?? "";
  return (
    node.parent?.parent?.name === "MacroInvocation" &&
    isEvaluated(node, text) &&
    /^[,=]$/.test(previous) &&
    /^[,)\]}]$/.test(next)
  );
}

/** A part of an argument of such a macro. */
function isEvaluated(node: SyntaxNode, text: string): boolean {
  let inner = node;
  for (const tokens of ancestors(node)) {
    if (tokens.name === "MacroInvocation") {
      const format = childrenOf(inner).find(({ name }) => name === "String" || name === "RawString");
      return (
        format !== undefined &&
        format.from !== node.from &&
        format.to < node.from &&
        tokens.firstChild !== null &&
        SHOWING.test(textOf(text, tokens.firstChild))
      );
    }
    if (!/^(?:Parenthesized|Bracketed)Tokens$/.test(tokens.name) || tokens.prevSibling?.name === "!") {
      if (tokens.parent?.name !== "MacroInvocation") return false;
    }
    inner = tokens;
  }
  return false;
}

/** The call that makes a `String` of the literal: `"…".to_string()`, `String::from("…")`. */
export function owned(node: SyntaxNode, text: string): SyntaxNode | null {
  const parent = node.parent;
  const call = parent?.parent;
  if (!parent || call?.name !== "CallExpression") return null;
  if (parent.name === "ArgList")
    return call.firstChild !== null && /^(?:std::string::)?String::from$/.test(textOf(text, call.firstChild))
      ? call
      : null;
  if (parent.name !== "FieldExpression" || parent.firstChild?.from !== node.from) return null;
  const method = parent.lastChild === null ? "" : textOf(text, parent.lastChild);
  if (method === "to_string" || method === "to_owned") return call;
  return method === "into" && isString(call, text) ? call : null;
}

/** The value of a variable that is declared a `String`. */
function isString(call: SyntaxNode, text: string): boolean {
  const declaration = call.parent;
  const type = declaration?.getChild("TypeIdentifier");
  return declaration?.name === "LetDeclaration" && !!type && textOf(text, type) === "String";
}

/** Whether the literal is the first thing of a statement that goes on after it. */
export function startsStatement(node: SyntaxNode): boolean {
  for (const parent of ancestors(node)) {
    if (parent.from !== node.from) return false;
    if (parent.name === "ExpressionStatement") return parent.to !== node.to;
  }
  return false;
}

function afterSemicolon(node: SyntaxNode, array: SyntaxNode): boolean {
  return childrenOf(array).some(({ name, from }) => name === ";" && from < node.from);
}

function isEager(list: SyntaxNode, text: string): boolean {
  const callee = list.parent?.firstChild;
  return !!callee && /\.\s*(?:unwrap_or|map_or|ok_or|get_or_insert|or_insert)$/.test(textOf(text, callee));
}

function isConst(item: SyntaxNode): boolean {
  for (const { name } of childrenOf(item)) {
    if (name === "const") return true;
    if (name === "fn") return false;
  }
  return false;
}
