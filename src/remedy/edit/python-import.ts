import type { TextEdit } from "../../model/edit.ts";
import { lineEnd } from "./literal.ts";
import { childrenOf, nodesOf, textOf } from "./syntax.ts";
import type { SyntaxNode, Tree } from "./syntax.ts";

/** What makes `os` available at a place of the module: nothing, or an import at the right line. */
export function importEdit(tree: Tree, text: string, first: number): TextEdit[] {
  const statements = childrenOf(tree.topNode).flatMap((node) =>
    node.name === "StatementGroup" ? childrenOf(node) : [node],
  );
  if (statements.some((node) => node.to <= first && bindsOs(node, text))) return [];
  const eol = lineEnd(text);
  const imports = statements.find((node) => node.name === "ImportStatement" && !isFuture(node, text));
  if (imports !== undefined && imports.to <= first && startsLine(text, imports.from))
    return [{ start: imports.from, end: imports.from, text: `import os${eol}` }];
  const at = headerEnd(statements, tree, text);
  return [
    at === 0
      ? { start: 0, end: 0, text: `import os${eol}` }
      : { start: at, end: at, text: `${eol}import os` },
  ];
}

/** `import os`, also among others; neither `import os as o` nor `import os.path`, which a reader would not expect it of. */
function bindsOs(node: SyntaxNode, text: string): boolean {
  if (node.name !== "ImportStatement" || node.firstChild?.name !== "import") return false;
  const source = textOf(text, node).slice("import".length);
  return source
    .replaceAll(/[\\\s]+/g, " ")
    .split(",")
    .some((name) => name.trim() === "os");
}

function isFuture(node: SyntaxNode, text: string): boolean {
  const module = node.firstChild?.nextSibling;
  return (
    node.firstChild?.name === "from" &&
    module !== null &&
    module !== undefined &&
    textOf(text, module) === "__future__"
  );
}

function startsLine(text: string, at: number): boolean {
  return at === 0 || text[at - 1] === "\n" || text[at - 1] === "\r";
}

/** Where the module's head ends: shebang, coding line, docstring and imports from `__future__`. */
function headerEnd(statements: readonly SyntaxNode[], tree: Tree, text: string): number {
  let end = 0;
  for (const comment of tree.topNode.getChildren("Comment")) {
    const line = text.slice(0, comment.from).split(/\r\n|\r|\n/).length;
    if (line > 2 || !startsLine(text, comment.from)) break;
    if (!/^#!|coding[:=]/.test(textOf(text, comment))) continue;
    end = comment.to;
  }
  let docstring = true;
  for (const node of statements) {
    if (node.name === "Comment" || node.name === ";") continue;
    const isDocstring = docstring && node.name === "ExpressionStatement" && isText(node.firstChild);
    docstring = false;
    if (!isDocstring && !isFuture(node, text)) break;
    end = Math.max(end, node.to);
  }
  return end === 0 ? 0 : restOfLine(text, end);
}

function isText(node: SyntaxNode | null): boolean {
  return node?.name === "String" || node?.name === "ContinuedString";
}

/** The line's end, where only a comment follows. */
function restOfLine(text: string, at: number): number {
  const rest = /^[ \t\f]*(?:#[^\r\n]*)?(?=[\r\n]|$)/.exec(text.slice(at, at + 2000));
  return at + (rest?.[0].length ?? 0);
}

/** Whether `os` may be anything else than the module somewhere in the file. */
export function meansSomethingElse(tree: Tree, text: string): boolean {
  return nodesOf(tree, "VariableName").some((node) => textOf(text, node) === "os" && !isModule(node, text));
}

function isModule(node: SyntaxNode, text: string): boolean {
  const { parent, nextSibling: next, prevSibling: previous } = node;
  if (parent === null) return false;
  if (parent.name === "MemberExpression") return previous === null;
  if (parent.name === "ArgList") return next?.name !== "AssignOp";
  if (parent.name !== "ImportStatement") return false;
  if (previous?.name === "as") return false;
  if (parent.firstChild?.name === "import") return true;
  // `from os import …`, and `from x import os as y`.
  return previous?.name === "from" || (next?.name === "as" && textOf(text, next) === "as");
}
