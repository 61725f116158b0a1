import { scalarAt } from "../../../formats/located.ts";
import type { LocatedScalar } from "../../../formats/located.ts";
import type { Editor, EditRequest, EditResult, Place, TextEdit } from "../../../model/edit.ts";
import { isRefused } from "../literal.ts";
import type { Refused } from "../literal.ts";
import { Draft, refuseAll, unusable } from "./draft.ts";
import { droppedEntry } from "./entry.ts";
import type { Grammar } from "./grammars.ts";
import { editScript } from "./script.ts";
import { refuse } from "./verdict.ts";
import type { Judge, Verdict } from "./verdict.ts";
import { hasOnlyTheseChanges } from "./unchanged.ts";
import { spanOf, writeScalar } from "./write-scalar.ts";
import type { ValueEdit } from "./write-scalar.ts";

/** A change of one scalar: its new value, or null where it goes. */
interface Change {
  readonly scalar: LocatedScalar;
  readonly value: string | null;
}

/**
 * Rewrites the values of a document, each as the judge says. The result is parsed again: nothing but those values, and
 * what was added for them, may differ.
 *
 * @param shell editor for scripts in values
 */
export function editScalars(request: EditRequest, grammar: Grammar, judge: Judge, shell: Editor): EditResult {
  const { text, places } = request;
  const { scalars, problems } = grammar.locate(text);
  if (problems > 0)
    return refuseAll(places, refuse("the file has syntax errors", "mend them, and run stow again"));
  const draft = new Draft();
  const changes: Change[] = [];
  let added = 0;
  for (const { scalar, group } of grouped(draft, scalars, places)) {
    const judged = new Map<Place, Verdict>();
    for (const place of group) {
      const whole = scalar.value === text.slice(place.start, place.end);
      judged.set(place, judge({ place, scalar, whole, request, scalars }));
    }
    const outcome = editScalar({ request, grammar, shell, scalars, scalar }, judged, draft);
    if (outcome === null) continue;
    changes.push(outcome.change);
    added += outcome.added;
  }
  const result = draft.result();
  if (hasOnlyTheseChanges({ text, grammar, scalars, changes, added }, result.edits)) return result;
  return refuseAll(
    places,
    refuse(
      "the text round it does not allow the change",
      "make the change by hand, or put the value in quotes first",
    ),
  );
}

function* grouped(
  draft: Draft,
  scalars: readonly LocatedScalar[],
  places: readonly Place[],
): Generator<{ scalar: LocatedScalar; group: readonly Place[] }> {
  const groups = new Map<LocatedScalar, Place[]>();
  for (const place of places) {
    const scalar = scalarAt(scalars, place.start, place.end);
    const refused = scalar === undefined ? inNoValue(place) : inValue(scalar);
    if (scalar === undefined || refused !== null) draft.refuse([place], refused ?? inNoValue(place));
    else groups.set(scalar, [...(groups.get(scalar) ?? []), place]);
  }
  for (const [scalar, group] of groups) yield { scalar, group };
}

function inNoValue({ name }: Place): Refused {
  return refuse(
    "it stands in a comment, or in more than one value",
    `delete it there; it is kept as ${name}`,
  );
}

function inValue({ role, special }: LocatedScalar): Refused | null {
  if (role === "key") return refuse("it is a key, not a value", "give the entry another name");
  if (special === null) return null;
  return refuse(`${special}, so that other text depends on it`, "write the reference in its place by hand");
}

interface Context {
  readonly request: EditRequest;
  readonly grammar: Grammar;
  readonly shell: Editor;
  readonly scalars: readonly LocatedScalar[];
  readonly scalar: LocatedScalar;
}

/** Edits one scalar; null where nothing changes. */
function editScalar(
  context: Context,
  judged: ReadonlyMap<Place, Verdict>,
  draft: Draft,
): { change: Change; added: number } | null {
  const { request, scalar, scalars } = context;
  const edits: ValueEdit[] = [];
  const written: Place[] = [];
  const scripts: Place[] = [];
  const offsets = scalar.offsets();
  for (const [place, verdict] of judged) {
    const span = spanOf(offsets, place);
    if (isRefused(verdict)) draft.refuse([place], verdict);
    else if ("drop" in verdict) {
      const refused = verdict.drop === null ? null : unusable(verdict.drop);
      const entry = droppedEntry(request.text, scalars, scalar, context.grammar.emptyMap);
      if (refused !== null || entry === null) {
        draft.refuse(
          [place],
          refused ?? refuse("other text stands on the same line", "delete the entry by hand"),
        );
        continue;
      }
      draft.alias(place.name, verdict.drop ?? place.name);
      draft.note(...(verdict.notes ?? []));
      draft.edit(entry);
      return { change: { scalar, value: null }, added: 0 };
    } else if (span === null)
      draft.refuse(
        [place],
        refuse(
          "it is written with escapes or over several lines",
          "write the reference in its place by hand",
        ),
      );
    else if ("script" in verdict) scripts.push(place);
    else {
      const refused = verdict.variable === undefined ? null : unusable(verdict.variable);
      if (refused !== null) {
        draft.refuse([place], refused);
        continue;
      }
      draft.alias(place.name, verdict.variable ?? place.name);
      edits.push({ ...span, text: verdict.write });
      written.push(place);
    }
  }
  const script = offsets === null ? null : editScript(context, offsets, scripts, judged, draft);
  edits.push(...(script?.edits ?? []));
  if (edits.length === 0) return null;
  const done = [...written, ...(script?.places ?? [])];
  return finish(context, edits, done, judged, draft, script?.supply ?? null);
}

function finish(
  { grammar, request, scalar }: Context,
  edits: readonly ValueEdit[],
  done: readonly Place[],
  judged: ReadonlyMap<Place, Verdict>,
  draft: Draft,
  supply: { readonly edits: readonly TextEdit[]; readonly added: number } | null,
): { change: Change; added: number } | null {
  const written = writeScalar(request.text, grammar, scalar, edits);
  if (written === null) {
    draft.refuse(done, refuse("a reference cannot be written there", "make the change by hand"));
    return null;
  }
  draft.edit(...written.edits, ...(supply?.edits ?? []));
  for (const place of done) {
    const verdict = judged.get(place);
    if (verdict !== undefined && !isRefused(verdict)) draft.note(...(verdict.notes ?? []));
  }
  return { change: { scalar, value: written.value }, added: supply?.added ?? 0 };
}
