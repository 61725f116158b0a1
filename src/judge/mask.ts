const MASK = "***";

/**
 * What follows `=` or `:` up to the next mark; not the `//` of a URL, not a name that is assigned to in its turn
 * (`https://host/:_authToken=…`), and not our own allow comment.
 */
const VALUE =
  /((?:=|(?<!stowaway):)[ \t]*)(?![ \t]|\/\/)([^\s"'`,;(){}[\]<>=:@]{3,})(?![^\s"'`,;(){}[\]<>=:@]|[ \t]*[=:])/g;

/** Words of programming languages, which are no values worth hiding. */
const WORDS = new Set(
  (
    "true false null undefined nil none new await async function return this self typeof void import require const let " +
    "var string str number int bool boolean any unknown object process os sys env"
  ).split(" "),
);

/** Masks what could be a value outside quotes: what follows `=` or `:`, and runs of letters with digits. */
export function maskLoose(text: string): string {
  return text
    .replace(VALUE, (whole, operator: string, value: string) =>
      WORDS.has(value.toLowerCase()) ? whole : `${operator}${MASK}`,
    )
    .replace(/[A-Za-z0-9+/_-]{8,}={0,2}/g, (run) => (/\d/.test(run) && /[A-Za-z]/.test(run) ? MASK : run));
}

/** Words of a string round a secret that say what it is for and are no value themselves. */
const HARMLESS = [
  /^[^\w\\]{1,3}$/,
  /^[A-Za-z][A-Za-z_-]{0,40}[=:,.;]?$/,
  /^-{1,2}[A-Za-z][A-Za-z-]{0,40}=?$/,
  /^[a-z][a-z0-9+.-]{1,20}:\/\/(?:[\w.-]{0,40}:?|[\w.-]{1,80}\/)$/i,
  /^@[\w.-]{1,80}(?::\d{1,5})?$/,
];
const HOST = /^@[\w.-]{1,80}(?::\d{1,5})?(?=[/?])/;

/**
 * Masks the rest of a string that holds a secret: `TOKEN=` and `https://user:` may stay, other words may be values. A
 * string with quotes of its own holds values of its own, and shows none of it.
 */
export function maskWithin(text: string): string {
  if (text.trim() === "") return text;
  if (/["'`\\]/.test(text)) return MASK;
  return text
    .split(/(\s+)/)
    .map((word) => {
      if (word.trim() === "" || HARMLESS.some((form) => form.test(word))) return word;
      const host = HOST.exec(word)?.[0];
      return host === undefined ? MASK : `${host}${MASK}`;
    })
    .join("");
}
