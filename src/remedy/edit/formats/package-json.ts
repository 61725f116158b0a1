import type { Place } from "../../../model/edit.ts";
import { byPath, refuse } from "./verdict.ts";
import type { Judge, Reader, ScriptEdit, Verdict } from "./verdict.ts";

const ASSIGNMENT = /^[A-Za-z_]\w*=(?:'[^']*'|"[^"]*"|[^\s"'$`\\;&|()<>])*$/;

/**
 * An assignment before a command, `TOKEN=value npm publish`, also behind `env` or `cross-env`: without it the command
 * inherits the variable, in every shell.
 */
function leadingAssignment(script: string, { start, end }: Place): ScriptEdit | null {
  const from = Math.max(...[";", "&", "|", "("].map((mark) => script.lastIndexOf(mark, start - 1))) + 1;
  if (hasOpenQuote(script.slice(0, from))) return null;
  const opening = /([A-Za-z_]\w{0,127})=(["']?)$/.exec(script.slice(from, start));
  if (opening === null) return null;
  const [written, variable = "", quote = ""] = opening;
  const before = script.slice(from, start - written.length);
  const words = before.trim() === "" ? [] : before.trim().split(/\s+/);
  const isPrefix = words.every((word) => ASSIGNMENT.test(word) || /^(?:npx|cross-env|env)$/.test(word));
  const after = new RegExp(`^${quote}\\s+(?=[^\\s;&|()<>#])`).exec(script.slice(end));
  if (!isPrefix || after === null || (before !== "" && !/\s$/.test(before) && from === 0)) return null;
  return { start: start - written.length, end: end + after[0].length, text: "", variable };
}

function hasOpenQuote(text: string): boolean {
  const quotes = text.replace(/\\./g, "").replace(/'[^']*'|"[^"]*"/g, "");
  return /["']/.test(quotes);
}

/** How cmd.exe sets and reads variables. */
const FOR_WINDOWS = /(?:^|&)\s*set\s+\w+=|%\w+%/i;

const script: Judge = ({ scalar, place: { name } }) =>
  FOR_WINDOWS.test(scalar.value)
    ? refuse(
        "the script is written for cmd.exe",
        `delete the value, and let the program read ${name} from the environment`,
      )
    : posixScript(String(scalar.path[1]));

const posixScript = (own: string): Verdict => ({
  script: true,
  first: leadingAssignment,
  notes: [`run the script with the values: stowaway run -- npm run ${own}`],
  naming: [
    "where npm starts cmd.exe (Windows), a script that names variables needs a POSIX shell: npm config set script-shell bash",
  ],
});

const otherField: Judge = ({ place: { name }, scalar }) =>
  refuse(
    "npm and others take this field as it stands there",
    `delete ${scalar.path.join(".")} from package.json, and read ${name} from the environment in the code that uses it`,
  );

/** package.json: its scripts are run by a shell, its other fields expand nothing. */
export const PACKAGE_JSON: Reader = {
  name: "package.json",
  files: /(?:^|\/)package\.json$/,
  format: "json",
  source: "https://docs.npmjs.com/cli/v11/using-npm/scripts",
  judge: byPath([[/^scripts\./, script]], otherField),
};
