import { straightOffsets } from "./located.ts";
import type { LocatedScalar, LocatedText, ScalarStyle } from "./located.ts";

/** In what the many readers of INI files differ. */
export interface IniDialect {
  /** What may stand between key and value; a key of `.npmrc` may hold a colon. */
  readonly separators: "=" | "=:";
  /** What begins a comment behind a value; null where a value goes on to the end of its line. */
  readonly remark: RegExp | null;
  /** Whether an indented line goes on with the value before it (Python's configparser). */
  readonly continues: boolean;
}

/** Python's configparser (https://docs.python.org/3/library/configparser.html#supported-ini-file-structure). */
export const CONFIGPARSER: IniDialect = { separators: "=:", remark: null, continues: true };
/** The npm package `ini` (https://github.com/npm/ini). */
export const NPM_INI: IniDialect = { separators: "=", remark: /(?<!\\)[;#]/, continues: false };
/** Files whose values may be followed by a comment (PHP, supervisord, most others). */
export const REMARKED: IniDialect = { separators: "=:", remark: /[ \t][;#]/, continues: true };

const LINE = /([^\r\n]*)(?:\r\n|\r|\n|$)/y;

/**
 * Finds the keys and values of an INI file; the path of a value is `[section, key]`, and `[key]` before the first section.
 * A line that goes on with a value is a value of its own with a number behind the key. There is no grammar to break, so
 * there are no problems.
 *
 * @param text without a byte order mark
 */
export function locateIni(text: string, dialect: IniDialect): LocatedText {
  const scalars: LocatedScalar[] = [];
  let section: readonly string[] = [];
  let key: readonly string[] | null = null;
  let more = 0;
  for (let at = 0; at < text.length;) {
    LINE.lastIndex = at;
    const [all = "", line = ""] = LINE.exec(text) ?? [];
    const trimmed = line.trim();
    const indent = line.length - line.trimStart().length;
    if (trimmed === "" || /^[;#]/.test(trimmed)) {
      // A comment or an empty line ends nothing.
    } else if (dialect.continues && indent > 0 && key !== null) {
      more += 1;
      scalars.push(...valueOf(text, at + indent, at + line.length, [...key, more], dialect));
    } else if (/^\[[^\]]*\]/.test(trimmed)) {
      section = [trimmed.slice(1, trimmed.indexOf("]"))];
      key = null;
      scalars.push(
        scalar(
          section,
          "key",
          at + indent,
          at + indent + trimmed.indexOf("]") + 1,
          "plain",
          section[0] ?? "",
        ),
      );
    } else {
      const found = assignment(line, indent, dialect);
      key = [...section, found.key];
      more = 0;
      scalars.push(scalar(key, "key", at + indent, at + indent + found.key.length, "plain", found.key));
      if (found.value < line.length)
        scalars.push(...valueOf(text, at + found.value, at + line.length, key, dialect));
    }
    at += Math.max(all.length, 1);
  }
  return { scalars, problems: 0 };
}

function assignment(
  line: string,
  indent: number,
  { separators }: IniDialect,
): { key: string; value: number } {
  const separator = line.slice(indent).search(separators === "=" ? /=/ : /[=:]/);
  if (separator === -1) return { key: line.trim(), value: line.length };
  const value = indent + separator + 1;
  return {
    key: line.slice(indent, indent + separator).trimEnd(),
    value: value + (line.length - value - line.slice(value).trimStart().length),
  };
}

/** The value in a range of a line, without its remark and with its quotes told apart; none where it is empty. */
function valueOf(
  text: string,
  from: number,
  to: number,
  path: readonly (string | number)[],
  { remark }: IniDialect,
): LocatedScalar[] {
  let written = text.slice(from, to).trimEnd();
  const quoted = /^"[^"]*"|^'[^']*'/.exec(written)?.[0];
  const rest = quoted === undefined ? "" : written.slice(quoted.length);
  if (quoted !== undefined && (rest.trim() === "" || (remark !== null && /^\s*[;#]/.test(rest))))
    return [
      scalar(
        path,
        "value",
        from,
        from + quoted.length,
        quoted.startsWith('"') ? "double" : "single",
        quoted.slice(1, -1),
      ),
    ];
  if (remark !== null) {
    const found = written.search(remark);
    if (found !== -1) written = written.slice(0, found).trimEnd();
  }
  return written === "" ? [] : [scalar(path, "value", from, from + written.length, "plain", written)];
}

function scalar(
  path: readonly (string | number)[],
  role: "key" | "value",
  start: number,
  end: number,
  style: ScalarStyle,
  value: string,
): LocatedScalar {
  const quote = style === "plain" ? 0 : 1;
  const offsets = (): readonly number[] => straightOffsets(start + quote, value.length);
  return { path, role, start, end, style, value, flow: false, special: null, document: 0, offsets };
}
