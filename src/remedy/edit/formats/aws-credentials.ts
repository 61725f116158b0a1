import { CONFIGPARSER, locateIni } from "../../../formats/ini.ts";
import { scalarAt } from "../../../formats/located.ts";
import type { LocatedScalar } from "../../../formats/located.ts";
import type { Editor, EditRequest, EditResult, Place, TextEdit } from "../../../model/edit.ts";
import { isRefused } from "../literal.ts";
import type { Refused } from "../literal.ts";
import { Draft } from "./draft.ts";
import { droppedEntry } from "./entry.ts";
import { refuse } from "./verdict.ts";

const ID = "aws_access_key_id";
const SECRET = "aws_secret_access_key";
const SESSION = "aws_session_token";

/** The values of one profile, by their keys. */
type Profile = ReadonlyMap<string, { readonly scalar: LocatedScalar; readonly place: Place | null }>;

/**
 * A profile's keys give way to a command that prints them.
 *
 * Format: https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sourcing-external.html
 */
export const awsCredentials: Editor = {
  name: "AWS credentials",
  edit: editCredentials,
  problems: () => 0,
};

function editCredentials(request: EditRequest): EditResult {
  const { text, places } = request;
  const { scalars } = locateIni(text, CONFIGPARSER);
  const draft = new Draft();
  const held = new Map<LocatedScalar, Place>();
  for (const place of places) {
    const scalar = scalarAt(scalars, place.start, place.end);
    const isWhole = scalar?.role === "value" && scalar.value === text.slice(place.start, place.end);
    if (scalar !== undefined && isWhole && scalar.path.length === 2) held.set(scalar, place);
    else draft.refuse([place], refuse("it is no whole value of a profile", "delete it there by hand"));
  }
  for (const section of new Set([...held.keys()].map(({ path }) => String(path[0])))) {
    const written = scalars.filter(({ role, path }) => role === "value" && path[0] === section);
    const profile: Profile = new Map(
      written.map((scalar) => [String(scalar.path[1]), { scalar, place: held.get(scalar) ?? null }]),
    );
    const own = [...held].flatMap(([{ path }, place]) => (path[0] === section ? place : []));
    const edits =
      profile.size < written.length
        ? refuse("a key is given twice in the profile", "delete one of them, and run stow again")
        : editProfile(request, scalars, profile);
    if (isRefused(edits)) draft.refuse(own, edits);
    else {
      draft.edit(...edits);
      draft.note("the AWS tools call stowaway for the keys from now on; leave both where they are");
    }
  }
  return draft.result();
}

function editProfile(
  { text, project }: EditRequest,
  scalars: readonly LocatedScalar[],
  profile: Profile,
): readonly TextEdit[] | Refused {
  const sso = "or sign in without stored keys: aws configure sso";
  if (project.helper === null)
    return refuse(
      "the AWS tools may not be pointed to a program in a project's node_modules",
      "install stowaway outside of the project, npm install --global stowaway, and run that one",
      sso,
    );
  const wanted = [ID, SECRET, ...(profile.has(SESSION) ? [SESSION] : [])].map((key) => profile.get(key));
  const names = wanted.flatMap((entry) => entry?.place?.name ?? []);
  const others = [...profile].filter(
    ([key, { place }]) => place !== null && ![ID, SECRET, SESSION].includes(key),
  );
  if (names.length < wanted.length || others.length > 0 || profile.has("credential_process"))
    return refuse(
      "a profile takes all its keys from a command, or none",
      `move ${ID} and ${SECRET} at once, both written in this profile`,
      sso,
    );
  const command = commandLine([
    ...project.helper,
    "env",
    "--format",
    "aws",
    "--cwd",
    project.top,
    "--only",
    names.join(","),
  ]);
  if (command === null)
    return refuse("the path of stowaway or of the project cannot be written in quotes", sso);
  const entries = wanted.flatMap((entry) =>
    entry === undefined ? [] : (droppedEntry(text, scalars, entry.scalar) ?? []),
  );
  if (entries.length < wanted.length) return refuse("other text stands on the same lines", sso);
  const first = Math.min(...entries.map(({ start }) => start));
  return entries.map((entry) => {
    const end = /[\r\n]*$/.exec(text.slice(entry.start, entry.end))?.[0] ?? "";
    return { ...entry, text: entry.start === first ? `credential_process = ${command}${end}` : "" };
  });
}

/** Words as all of the AWS tools split them: quotes round what has a blank, and no way to write a quote. */
function commandLine(words: readonly string[]): string | null {
  if (words.some((word) => /["'\p{Cc}]/u.test(word))) return null;
  return words.map((word) => (/^[\w./\\:@,=+-]+$/.test(word) ? word : `"${word}"`)).join(" ");
}
