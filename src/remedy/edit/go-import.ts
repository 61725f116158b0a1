import type { TextEdit } from "../../model/edit.ts";
import { lineEnd } from "./literal.ts";
import { nodesOf, textOf } from "./syntax.ts";
import type { SyntaxNode, Tree } from "./syntax.ts";

interface GoImport {
  /** Name of the package os in the file. */
  readonly alias: string;
  readonly edits: readonly TextEdit[];
  /** Another package goes by that name. */
  readonly taken: boolean;
}

/** What makes the package os available: nothing, or an import where gofmt would leave it. */
export function goImport(tree: Tree, text: string): GoImport {
  const specs = nodesOf(tree, "ImportSpec");
  const others: SyntaxNode[] = [];
  for (const spec of specs) {
    const name = spec.getChild("DefName");
    if (pathOf(spec, text) !== "os") {
      others.push(spec);
      continue;
    }
    const alias = name === null ? (spec.firstChild?.name === "String" ? "os" : "") : textOf(text, name);
    if (alias !== "" && alias !== "_" && alias !== ".") return { alias, edits: [], taken: false };
  }
  const taken = others.some((spec) => {
    const name = spec.getChild("DefName");
    return name === null ? pathOf(spec, text).split("/").at(-1) === "os" : textOf(text, name) === "os";
  });
  return { alias: "os", edits: added(tree, text, others), taken };
}

function pathOf(spec: SyntaxNode, text: string): string {
  const string = spec.getChild("String");
  return string === null ? "" : textOf(text, string).slice(1, -1);
}

function added(tree: Tree, text: string, specs: readonly SyntaxNode[]): TextEdit[] {
  const eol = lineEnd(text);
  const list = nodesOf(tree, "ImportDecl")
    .map((node) => node.getChild("SpecList"))
    .find((node) => node !== null);
  if (list !== undefined) return [intoList(list, text, eol)];
  const single = specs.find((spec) => pathOf(spec, text) !== "C");
  if (single?.parent) {
    const before = pathOf(single, text) > "os";
    return before
      ? [{ start: single.parent.from, end: single.parent.from, text: `import "os"${eol}` }]
      : [{ start: single.parent.to, end: single.parent.to, text: `${eol}import "os"` }];
  }
  const clause = nodesOf(tree, "PackageClause")[0];
  if (clause === undefined) return [];
  const rest = /^[^\r\n]*/.exec(text.slice(clause.to, clause.to + 2000));
  const at =
    clause.to + (/^[ \t]*(?:;[ \t]*)?(?:\/\/.*)?$/.test(rest?.[0] ?? "") ? (rest?.[0].length ?? 0) : 0);
  return [{ start: at, end: at, text: `${eol}${eol}import "os"` }];
}

/** Among the sorted specs of the block's first group of the standard library, else as a group of its own. */
function intoList(list: SyntaxNode, text: string, eol: string): TextEdit {
  const specs = list.getChildren("ImportSpec");
  const group: SyntaxNode[] = [];
  for (const spec of specs) {
    const previous = group.at(-1);
    if (previous !== undefined && /\n\s*\r?\n/.test(text.slice(previous.to, spec.from))) break;
    group.push(spec);
  }
  const [first] = group;
  if (first === undefined || !text.slice(list.from, first.from).includes("\n"))
    return {
      start: list.from + 1,
      end: list.from + 1,
      text: first === undefined ? `${eol}\t"os"${eol}` : ` "os"; `,
    };
  const standard = group.filter((spec) => !pathOf(spec, text).split("/")[0]?.includes("."));
  const next = group.find((spec) => pathOf(spec, text) > "os");
  if (standard.length === 0) return { start: first.from, end: first.from, text: `"os"${eol}${eol}\t` };
  if (next !== undefined) return { start: next.from, end: next.from, text: `"os"${eol}\t` };
  const last = group.at(-1) ?? first;
  const line = /^[^\r\n]*/.exec(text.slice(last.to, last.to + 2000))?.[0] ?? "";
  const at = last.to + (line.includes(")") || line.includes("/*") ? 0 : line.length);
  return { start: at, end: at, text: `${eol}\t"os"` };
}
