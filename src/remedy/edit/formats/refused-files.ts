import type { Editor, EditRequest, Place } from "../../../model/edit.ts";
import type { Refused } from "../literal.ts";
import { Draft } from "./draft.ts";
import { refuse } from "./verdict.ts";

/** Files of tools that expand no variables and have a better way of their own. */
interface RefusedFile {
  readonly name: string;
  readonly files: RegExp;
  /** Documentation of the way that is named. */
  readonly source: string;
  /** @param line the place's line, with the value taken out */
  readonly advise: (place: Place, line: string, path: string) => Refused;
}

const UNTRACK = (path: string): string => `then git rm --cached ${path}, and name it in .gitignore`;

function gitCredentials({ name }: Place, line: string, path: string): Refused {
  const [, protocol = "https", host = "HOST"] = /^(\w+):\/\/[^@\s]*@([\w.:-]+)/.exec(line) ?? [];
  return refuse(
    "git takes each line of this file as it stands there",
    "let git keep passwords in the system's keychain: git config --global credential.helper osxkeychain (macOS), manager (Windows) or libsecret (Linux)",
    `hand the value over: printf 'protocol=${protocol}\\nhost=${host}\\nusername=USER\\npassword=%s\\n' "$(stowaway secrets get ${name})" | git credential approve`,
    UNTRACK(path),
  );
}

export const REFUSED_FILES: readonly RefusedFile[] = [
  {
    name: ".git-credentials",
    files: /(?:^|\/)\.git-credentials$|(?:^|\/)git\/credentials$/,
    source: "https://git-scm.com/docs/gitcredentials",
    advise: gitCredentials,
  },
  {
    name: ".netrc",
    files: /(?:^|\/)[._]netrc$/,
    source: "https://everything.curl.dev/usingcurl/netrc.html",
    advise: ({ name }, _line, path) =>
      refuse(
        "curl, git and others take the words of this file as they stand there",
        "for git use a credential helper: git config --global credential.helper osxkeychain (macOS), manager (Windows) or libsecret (Linux)",
        `for curl read the value in the command: stowaway run --only ${name} -- sh -c 'printf "header = \\"Authorization: Bearer %s\\"" "$${name}" | curl --config - URL'`,
        UNTRACK(path),
      ),
  },
  {
    name: ".pgpass",
    files: /(?:^|\/)\.pgpass$/,
    source: "https://www.postgresql.org/docs/current/libpq-envars.html",
    advise: ({ name }, _line, path) =>
      refuse(
        "libpq takes the fields of this file as they stand there",
        `it takes PGPASSWORD from the environment too: stowaway secrets rename ${name} PGPASSWORD, then stowaway run -- psql`,
        UNTRACK(path),
      ),
  },
  {
    name: ".yarnrc",
    files: /(?:^|\/)\.yarnrc$/,
    source: "https://github.com/yarnpkg/yarn/issues/4740",
    advise: ({ name }) =>
      refuse(
        "yarn 1 expands variables in .npmrc only",
        `move the line to .npmrc, as KEY=\${${name}}, and delete it here`,
      ),
  },
  {
    name: "a variables file of Workers",
    files: /(?:^|\/)\.dev\.vars(?:\.[\w-]+)?$/,
    source: "https://developers.cloudflare.com/workers/configuration/secrets/",
    advise: (_place, _line, path) => refuse("wrangler takes these values from the file only", UNTRACK(path)),
  },
];

/** An editor that only advises. */
export function refusingEditor({ name, advise }: RefusedFile): Editor {
  return {
    name,
    edit: ({ path, text, places }: EditRequest) => {
      const draft = new Draft();
      for (const place of places)
        draft.refuse([place], advise(place, lineWithout(text, place, places), path));
      return draft.result();
    },
    problems: () => 0,
  };
}

/** The line of a place, without any value on it. */
function lineWithout(text: string, place: Place, places: readonly Place[]): string {
  const start =
    Math.max(text.lastIndexOf("\n", place.start - 1), text.lastIndexOf("\r", place.start - 1)) + 1;
  let line = "";
  let at = start;
  for (const each of places) {
    if (each.start < start || each.start < at) continue;
    line += text.slice(at, each.start);
    at = each.end;
  }
  return (line + text.slice(at)).split(/[\r\n]/, 1)[0] ?? "";
}
