import { refuse } from "./literal.ts";
import type { Refused } from "./literal.ts";
import { ancestors, childrenOf, enclosing } from "./syntax.ts";
import type { SyntaxNode } from "./syntax.ts";

/** Why a place outside of all strings stays. */
export function positionRefusal(node: string, form: string): Refused {
  const code = `Take it out by hand; code that needs it reads ${form}.`;
  if (/Comment$|^Hashbang$/.test(node)) return refuse("it stands in a comment, which no program reads", code);
  if (node === "JSXText")
    return refuse("it is text of a page, which everyone who opens the page can read", code);
  if (node === "RegExp")
    return refuse(
      "it stands in a regular expression",
      `Build the expression at run time: new RegExp(…) with ${form} escaped.`,
    );
  if (/Type/.test(node)) return refuse("it stands in a type, which no program reads", code);
  return refuse("it is not the content of a string", code);
}

/**
 * Why a string cannot become an expression where it stands.
 *
 * @param form code that reads the variable
 */
export function literalRefusal(node: SyntaxNode, whole: boolean, form: string): Refused | null {
  const parent = node.parent;
  if (parent === null) return refuse("it is not part of a statement", `Write ${form} by hand.`);
  if (node.name === "JSXAttributeValue")
    return whole
      ? null
      : refuse("it is part of an attribute", `Write the attribute as {\`…\${${form}}…\`} by hand.`);
  const byParent = named(node, parent, form);
  if (byParent !== null) return byParent;
  if (
    enclosing(node, "TypeAnnotation", "TypeAliasDeclaration", "InterfaceDeclaration", "TypeArgList") !==
      null &&
    !insideValue(node)
  )
    return refuse(
      "it stands in a type, which needs a literal",
      "Use the type string, and read the value where it is needed.",
    );
  if (whole && isConstAsserted(node))
    return refuse("`as const` needs a literal", `Take \`as const\` away, then write ${form}.`);
  return null;
}

function named(node: SyntaxNode, parent: SyntaxNode, form: string): Refused | null {
  switch (parent.name) {
    case "ImportDeclaration":
    case "DynamicImport":
      return refuse(
        "it names a module that is imported",
        "Put the module's address without the secret there.",
      );
    case "ExportDeclaration":
      return childrenOf(parent).some(({ name }) => name === "from")
        ? refuse("it names a module that is exported", "Put the module's address without the secret there.")
        : null;
    case "TaggedTemplateExpression":
      return refuse(
        "a template with a tag is read by a function of its own",
        `Pass ${form} to the tag as \${…} by hand, if it takes values so.`,
      );
    case "ExpressionStatement":
      return refuse("it is a directive or a statement without effect", "Delete the statement.");
    case "LiteralType":
    case "TemplateType":
      return refuse(
        "it stands in a type, which needs a literal",
        "Use the type string, and read the value where it is needed.",
      );
    case "EnumBody":
      return refuse(
        "a member of an enum needs a value that is known at compile time",
        `Make it a constant besides the enum: const … = ${form};`,
      );
    case "Property":
    case "PatternProperty":
    case "PropertyDeclaration":
    case "MethodDeclaration":
      return isKey(node, parent)
        ? refuse("it is a key", `Write the key as [${form}] by hand, if it has to be a key at all.`)
        : null;
    default:
      return null;
  }
}

/** The first of a property's parts; in brackets it is computed, and may be any expression. */
function isKey(node: SyntaxNode, parent: SyntaxNode): boolean {
  for (const child of childrenOf(parent)) {
    if (child.from === node.from) return true;
    if ([":", "Equals", "[", "ParamList"].includes(child.name)) return false;
  }
  return false;
}

/** A value may stand within a type's node: the default of a parameter, the body of a function type's owner. */
function insideValue(node: SyntaxNode): boolean {
  for (const { name } of ancestors(node)) {
    if (/^Type|InterfaceDeclaration/.test(name)) return false;
    if (/Expression$|^ArgList$|^Block$/.test(name)) return true;
  }
  return true;
}

function isConstAsserted(node: SyntaxNode): boolean {
  for (const parent of ancestors(node)) {
    if (parent.name === "PrefixCast") return childrenOf(parent).some(({ name }) => name === "const");
    if (parent.name === "BinaryExpression") return childrenOf(parent).some(({ name }) => name === "const");
    if (parent.name !== "ParenthesizedExpression" && parent.name !== "ConditionalExpression") return false;
  }
  return false;
}
