import type { Parser, SyntaxNode, Tree } from "@lezer/common";
import type { Editor, EditRequest, Place } from "../../model/edit.ts";
import { escapes, rewriteLiterals } from "./literal.ts";
import type { Dialect, Literal, Range } from "./literal.ts";

export type { SyntaxNode, Tree };

/** A literal that the grammar found. */
export interface NodeLiteral extends Literal {
  readonly node: SyntaxNode;
}

/** Brackets that may be open at once: with more, some grammars take time and memory out of all proportion. */
const DEEPEST = 300;

/** An editor that reads a language by its grammar. */
export function grammarEditor(
  name: string,
  parser: Parser,
  dialect: (request: EditRequest, tree: Tree) => Dialect<NodeLiteral>,
): Editor {
  return {
    name,
    edit: (request) => {
      const tree = parsed(parser, request.text);
      if (tree !== null) return rewriteLiterals(request, dialect(request, tree));
      const refused = request.places.map((place) => ({
        place,
        why: "the source is nested too deep to be parsed",
        instead: [`Read ${place.name} from the environment there by hand.`],
      }));
      return { edits: [], refused, notes: [], aliases: {} };
    },
    problems: (text) => {
      const tree = parsed(parser, text);
      return tree === null ? 1 : errorsOf(tree).length;
    },
  };
}

/** Null where the text is nested deeper than can be parsed: the parser's stack is what ends then. */
function parsed(parser: Parser, text: string): Tree | null {
  if (isTooDeep(text)) return null;
  try {
    return parser.parse(text);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (sign === "(" || sign === "[" || sign === "{") depth += 1;
    else if (depth > 0 && (sign === ")" || sign === "]" || sign === "}")) depth -= 1;
    if (depth > DEEPEST) return true;
  }
  return false;
}

/** The innermost node round a whole place. */
export function innermost(tree: Tree, place: Place): SyntaxNode {
  let node = tree.resolveInner(place.start, 1);
  while (node.to < place.end && node.parent !== null) node = node.parent;
  return node;
}

/** The node's parents, nearest first. */
export function* ancestors(node: SyntaxNode): Generator<SyntaxNode> {
  for (let parent = node.parent; parent !== null; parent = parent.parent) yield parent;
}

/** The nearest ancestor with one of these names. */
export function enclosing(node: SyntaxNode, ...names: readonly string[]): SyntaxNode | null {
  for (const parent of ancestors(node)) if (names.includes(parent.name)) return parent;
  return null;
}

/** Where the grammar lost its way. */
export function errorsOf(tree: Tree): Range[] {
  const errors: Range[] = [];
  tree.iterate({
    enter: ({ type, from, to }) => {
      if (type.isError) errors.push({ start: from, end: to });
    },
  });
  return errors;
}

/** All nodes of a name, in order. */
export function nodesOf(tree: Tree, ...names: readonly string[]): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  tree.iterate({
    enter: (reference) => {
      if (names.includes(reference.name)) found.push(reference.node);
    },
  });
  return found;
}

/**
 * Whether the source round a literal is misunderstood: an error in its statement, or at the end of the one before, which
 * it may have been split off from.
 *
 * @param errors of the whole tree
 * @param options.joins whether an error just where the statement begins counts; Go's grammar has them also where all is well
 */
export function isMisread(
  node: SyntaxNode,
  errors: readonly Range[],
  isStatement: (name: string) => boolean,
  { joins = true }: { joins?: boolean } = {},
): boolean {
  if (errors.length === 0) return false;
  let statement = node;
  for (const parent of ancestors(node)) {
    statement = parent;
    if (isStatement(parent.name)) break;
  }
  const { from, to, prevSibling } = statement;
  const least = joins ? Math.min(from, prevSibling?.to ?? from) : from + 1;
  return errors.some(({ start, end }) => end >= least && start <= to);
}

/**
 * A string node as a literal.
 *
 * @param quote length of what opens it (prefix and quote), and of what closes it
 * @param escaping whether a backslash begins an escape
 */
export function literalOf(
  text: string,
  node: SyntaxNode,
  quote: readonly [number, number],
  escaping: boolean,
): NodeLiteral {
  const bodyStart = node.from + quote[0];
  const bodyEnd = Math.max(bodyStart, node.to - quote[1]);
  const holes: Range[] = escaping ? escapes(text, bodyStart, bodyEnd) : [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling)
    if (child.from >= bodyStart && child.to <= bodyEnd) holes.push({ start: child.from, end: child.to });
  return { start: node.from, end: node.to, bodyStart, bodyEnd, holes, node };
}

/** The node's children, tokens too. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return children;
}

export function textOf(text: string, node: SyntaxNode): string {
  return text.slice(node.from, node.to);
}
