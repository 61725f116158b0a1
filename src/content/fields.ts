import type { Document } from "../model/document.ts";
import { asBuffer } from "../model/bytes.ts";
import type { LineMap } from "../model/line-map.ts";

/** Formats whose assignments stand one on a line: dotenv, ini, properties, npmrc, yaml, toml, shell. */
const LINEWISE =
  /(?:^|\/)(?:\.env[^/]*|\.npmrc|\.pypirc|\.yarnrc\.yml|[^/]+\.(?:env|ini|cfg|conf|properties|ya?ml|toml|sh|tfvars))$/i;
const ASSIGNMENT = /^[\s-]*(?:export\s+|ENV\s+)?["']?([\w./:@-]*[\w])["']?\s*[=:]/;
/** The name that a value in source code is assigned to, passed under, or a property of. */
const VARIABLE = /([A-Za-z_$][\w$-]{0,60})["'\]]?\s{0,4}(?::=|=>|[=:])\s{0,4}(?:[a-z]?["'`])?$/;
const JSON_LIKE =
  /\.(?:json|jsonc|json5|ipynb|webmanifest|tfstate|map)$|(?:^|\/)\.docker\/config\.json$|(?:^|\/)\.dockercfg$/i;

function textBetween(document: Document, from: number, to: number): string {
  return asBuffer(document.bytes).toString("utf8", from, to);
}

/** An address is no name, and may hold a password. */
function nameIn(found: string | undefined): string | null {
  return found === undefined || found.includes("://") || found.indexOf("@") > 0 ? null : found;
}

/**
 * Names the fields that some places of a document stand in.
 *
 * @param offsets byte offsets, in ascending order
 * @returns one entry an offset: `scripts.release` in JSON, the key in line-wise formats, the variable in code, or null
 */
export async function fieldsOf(
  document: Document,
  lines: LineMap,
  offsets: readonly number[],
): Promise<(string | null)[]> {
  if (offsets.length === 0) return [];
  if (JSON_LIKE.test(document.path)) {
    const { pathsAt } = await import("../formats/jsonc.ts");
    const bytes = asBuffer(document.bytes);
    let at = 0;
    let characters = 0;
    const places = offsets.map((offset) => {
      characters += bytes.toString("utf8", at, offset).length;
      at = offset;
      return characters;
    });
    return pathsAt(bytes.toString("utf8"), places);
  }
  const linewise = LINEWISE.test(document.path);
  return offsets.map((offset) => {
    const [start] = lines.bounds(lines.lineOf(offset));
    // Only what stands before the value, and only near it: a line may have 20 MB.
    const found = linewise
      ? ASSIGNMENT.exec(textBetween(document, start, Math.min(offset, start + 500)))
      : VARIABLE.exec(textBetween(document, Math.max(start, offset - 120), offset));
    return nameIn(found?.[1]);
  });
}
