import type { LocatedScalar } from "../../../formats/located.ts";
import type { Editor, EditRequest, Place } from "../../../model/edit.ts";
import { isRefused } from "../literal.ts";
import type { Refused } from "../literal.ts";
import { unusable } from "./draft.ts";
import type { Draft } from "./draft.ts";
import type { Supply, Verdict } from "./verdict.ts";
import { refuse } from "./verdict.ts";
import { spanOf } from "./write-scalar.ts";
import type { ValueEdit } from "./write-scalar.ts";

interface Context {
  readonly request: EditRequest;
  readonly shell: Editor;
  readonly scalar: LocatedScalar;
}

/** Edits a script that is a document's value, by the shell's editor. */
export function editScript(
  { request, shell, scalar }: Context,
  offsets: readonly number[],
  places: readonly Place[],
  judged: ReadonlyMap<Place, Verdict>,
  draft: Draft,
): { edits: readonly ValueEdit[]; places: readonly Place[]; supply: Supply | null } | null {
  const edits: ValueEdit[] = [];
  const done: Place[] = [];
  const outer = new Map<Place, Place>();
  const naming = new Set<string>();
  let script = scalar.value;
  for (const place of places) {
    const span = spanOf(offsets, place);
    const verdict = judged.get(place);
    if (span === null || verdict === undefined || !("script" in verdict)) continue;
    const inner = { ...span, name: place.name };
    const own = verdict.first?.(scalar.value, inner) ?? null;
    if (own !== null && unusable(own.variable) === null) {
      edits.push({ start: own.start, end: own.end, text: own.text });
      draft.alias(place.name, own.variable);
      done.push(place);
      continue;
    }
    if (verdict.opaque !== undefined)
      script = scalar.value.replace(verdict.opaque, (expression) => "x".repeat(expression.length));
    for (const note of verdict.naming ?? []) naming.add(note);
    outer.set(inner, place);
  }
  const byShell = editByShell({ request, shell, scalar }, script, outer, draft);
  if (byShell.length > 0) draft.note(...naming);
  edits.push(...byShell);
  done.push(...outer.values());
  if (done.length === 0) return null;
  const supply = suppliesFor(done, judged);
  if (supply !== null && isRefused(supply)) {
    draft.refuse(done, supply);
    return null;
  }
  return { edits, places: done, supply };
}

/** @param outer places in terms of the script, and the text's own; those that are refused are taken out */
function editByShell(
  { request, shell, scalar }: Context,
  script: string,
  outer: Map<Place, Place>,
  draft: Draft,
): readonly ValueEdit[] {
  for (const [inner, place] of outer) {
    if (script.slice(inner.start, inner.end) === scalar.value.slice(inner.start, inner.end)) continue;
    draft.refuse(
      [place],
      refuse("it stands in an expression of the service", "take it out of the expression by hand"),
    );
    outer.delete(inner);
  }
  if (outer.size === 0) return [];
  const result = shell.edit({ ...request, text: script, places: [...outer.keys()] });
  for (const { place, why, instead } of result.refused) {
    draft.refuse([outer.get(place) ?? place], { why, instead });
    outer.delete(place);
  }
  draft.note(...result.notes);
  return result.edits;
}

function suppliesFor(done: readonly Place[], judged: ReadonlyMap<Place, Verdict>): Supply | Refused | null {
  const [first] = done;
  const verdict = first === undefined ? undefined : judged.get(first);
  return verdict !== undefined && "script" in verdict ? (verdict.supply?.(done) ?? null) : null;
}
