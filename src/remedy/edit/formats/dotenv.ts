import { parseDotenv } from "../../../formats/dotenv.ts";
import type { DotenvEntry } from "../../../formats/dotenv.ts";
import type { Editor, EditRequest, EditResult, Place } from "../../../model/edit.ts";
import type { Refused } from "../literal.ts";
import { Draft, unusable } from "./draft.ts";
import { refuse } from "./verdict.ts";

/**
 * A dotenv file: the assignment becomes a comment, so that whatever loads the file takes the variable from the
 * environment.
 */
export const dotenv: Editor = { name: "a dotenv file", edit: editDotenv, problems: () => 0 };

/** Compose gives a container what an env_file holds, and nothing that is only in its own environment. */
const COMPOSE = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];

function editDotenv({ path, text, places, project }: EditRequest): EditResult {
  const entries = parseDotenv(text);
  // Of a name given twice the last counts.
  const last = new Map(entries.map((entry) => [entry.key, entry]));
  const draft = new Draft();
  let next = 0;
  for (const place of places) {
    while (next < entries.length && (entries[next]?.rawSpan.end ?? 0) < place.end) next += 1;
    const entry = entries[next];
    const refused = refusal(text, entry, place);
    if (entry === undefined || refused !== null) {
      draft.refuse([place], refused ?? inNoValue(place));
      continue;
    }
    const { lineSpan, rawSpan, key } = entry;
    const start =
      lineSpan.start + (/^\s*/.exec(text.slice(lineSpan.start, entry.keySpan.start))?.[0].length ?? 0);
    draft.edit({ start, end: rawSpan.end, text: `# ${key}: kept by stowaway` });
    if (last.get(key) === entry) draft.alias(place.name, key);
    draft.note(`start what reads ${path} with: stowaway run -- …`);
    const compose = COMPOSE.find((file) => /^\s*env_file:/m.test(project.read(file) ?? ""));
    if (compose !== undefined)
      draft.note(
        `a service in ${compose} whose env_file gave it ${key} needs it under environment: - ${key}`,
      );
  }
  return draft.result();
}

function inNoValue({ name }: Place): Refused {
  return refuse("it stands in a comment", `delete it there; it is kept as ${name}`);
}

function refusal(text: string, entry: DotenvEntry | undefined, place: Place): Refused | null {
  if (entry === undefined || place.start < entry.rawSpan.start) return inNoValue(place);
  const { key, value, valueSpan } = entry;
  const isWhole = valueSpan.start === place.start && valueSpan.end === place.end;
  if (!isWhole || value !== text.slice(place.start, place.end))
    return refuse(
      "only a part of the value is secret, or it is written with escapes",
      `keep the whole value as a secret: stowaway secrets set ${key}`,
      "then delete the line",
    );
  return unusable(key);
}
