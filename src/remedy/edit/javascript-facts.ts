import { ancestors, childrenOf, nodesOf, textOf } from "./syntax.ts";
import type { SyntaxNode, Tree } from "./syntax.ts";

/** What a script says about where it runs. */
export interface ScriptFacts {
  /** `use client`, `use server`, `use strict`. */
  readonly directives: readonly string[];
  /** Modules that are imported or required, as they are written. */
  readonly modules: ReadonlySet<string>;
  /** Names that are imported from anywhere. */
  readonly imported: ReadonlySet<string>;
  /** Objects of a browser's page that it uses and does not define itself. */
  readonly pageGlobals: ReadonlySet<string>;
  /** `process` may be something else than Node's. */
  readonly processRebound: boolean;
}

const PAGE = new Set(["document", "window", "localStorage", "sessionStorage", "chrome"]);

export function factsOf(tree: Tree, text: string): ScriptFacts {
  const modules = new Set<string>();
  const imported = new Set<string>();
  let processRebound = false;
  for (const node of nodesOf(
    tree,
    "ImportDeclaration",
    "ExportDeclaration",
    "CallExpression",
    "DynamicImport",
  ))
    for (const name of moduleOf(node, text)) modules.add(name);
  const defined = new Set<string>();
  for (const node of nodesOf(tree, "VariableDefinition")) {
    const name = textOf(text, node);
    defined.add(name);
    const source = importOf(node, text);
    if (source !== null) imported.add(name);
    if (name === "process" && !/^(?:node:)?process$/.test(source ?? "")) processRebound = true;
  }
  const pageGlobals = new Set<string>();
  for (const node of nodesOf(tree, "VariableName")) {
    const name = textOf(text, node);
    if (
      PAGE.has(name) &&
      !defined.has(name) &&
      node.parent?.name === "MemberExpression" &&
      node.prevSibling === null
    )
      pageGlobals.add(name);
  }
  return { directives: directivesOf(tree, text), modules, imported, pageGlobals, processRebound };
}

/** Names of the functions round a node, methods and constants that hold a function too. */
export function enclosingFunctions(node: SyntaxNode, text: string): string[] {
  const names: string[] = [];
  for (const parent of ancestors(node)) {
    if (
      !/^(?:FunctionDeclaration|FunctionExpression|ArrowFunction|Property|MethodDeclaration|VariableDeclaration)$/.test(
        parent.name,
      )
    )
      continue;
    const name = childrenOf(parent).find((child) => child.name.endsWith("Definition"));
    if (name !== undefined) names.push(textOf(text, name));
  }
  return names;
}

function directivesOf(tree: Tree, text: string): string[] {
  const directives: string[] = [];
  for (const child of childrenOf(tree.topNode)) {
    if (/Comment$|^Hashbang$/.test(child.name)) continue;
    if (child.name !== "ExpressionStatement" || child.firstChild?.name !== "String") break;
    directives.push(textOf(text, child.firstChild).slice(1, -1));
  }
  return directives;
}

function moduleOf(node: SyntaxNode, text: string): string[] {
  if (node.name === "CallExpression") {
    const callee = node.firstChild;
    if (callee === null || textOf(text, callee) !== "require") return [];
  }
  const holder = node.name === "CallExpression" ? node.getChild("ArgList") : node;
  const string = holder?.getChild("String");
  return string === null || string === undefined ? [] : [textOf(text, string).slice(1, -1)];
}

/** The module that a name is imported from; null where it is defined otherwise. */
function importOf(definition: SyntaxNode, text: string): string | null {
  for (const parent of ancestors(definition)) {
    if (parent.name === "ImportDeclaration") {
      const [name] = moduleOf(parent, text);
      const required = /^require\(\s*["'](.*)["']/.exec(text.slice(parent.to, parent.to + 60).trimStart());
      return name ?? required?.[1] ?? "";
    }
    if (parent.name !== "ImportGroup") return null;
  }
  return null;
}
