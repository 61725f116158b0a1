/** Characters that writers of JSON put as `\u…` though they need not: Go and Rails, Gson, PHP (`JSON_HEX_…`), .NET. */
const JSON_ESCAPED: readonly string[] = ["", "<>&", "<>&='", `<>&'"`, `<>&'"+\``];

/** What stands for `"`, `'` and others in HTML and XML besides `&amp;`, `&lt;` and `&gt;`. */
const HTML_ESCAPED: readonly Readonly<Record<string, string>>[] = [
  {},
  { '"': "&quot;" },
  { '"': "&quot;", "'": "&#39;" },
  { '"': "&quot;", "'": "&#039;" },
  { '"': "&quot;", "'": "&#x27;" },
  { '"': "&quot;", "'": "&apos;" },
  { '"': "&#34;", "'": "&#39;" },
  { '"': "&#34;", "'": "&#39;", "+": "&#43;" },
  { '"': "&quot;", "'": "&#x27;", "`": "&#x60;" },
  { '"': "&quot;", "'": "&#39;", "`": "&#x60;", "/": "&#x2F;", "=": "&#x3D;" },
];
const MARKUP = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** Line ends and the like between quotes. */
const CONTROLS = { "\n": String.raw`\n`, "\r": String.raw`\r`, "\t": String.raw`\t` };
const BACKSLASH = { "\\": String.raw`\\` };
const SINGLE = { "'": String.raw`\'` };

/** What shells and languages write between quotes, or before what needs some. */
const QUOTED: readonly Readonly<Record<string, string>>[] = [
  // Shells; Python's shlex.
  { "'": String.raw`'\''` },
  { "'": `'"'"'` },
  // SQL, PowerShell, YAML; CSV.
  { "'": "''" },
  { '"': '""' },
  // Python's repr and JavaScript's inspect in either quotes; PHP's var_export and fish.
  { ...BACKSLASH, ...CONTROLS },
  { ...BACKSLASH, ...CONTROLS, ...SINGLE },
  { ...BACKSLASH, ...SINGLE },
  BACKSLASH,
  SINGLE,
  // bash's declare -p and export -p; Ruby and Perl.
  { ...BACKSLASH, '"': String.raw`\"`, $: String.raw`\$`, "`": "\\`" },
  { ...BACKSLASH, ...CONTROLS, '"': String.raw`\"`, $: String.raw`\$`, "@": String.raw`\@` },
  { ...BACKSLASH, ...CONTROLS, '"': String.raw`\"`, "#{": String.raw`\#{` },
];
/** What bash's `printf %q` leaves as it is; older ones quote the comma, newer ones the tilde too. */
const SHELL_PLAIN: readonly RegExp[] = [/[^\w@%+=:./#~-]/g, /[^\w@%+=:./#,~-]/g, /[^\w@%+=:./#,-]/g];

/** What URLs, JSON, HTML, shells and languages make of a value; the value itself may be among it. */
export function textForms(value: string): string[] {
  return [...urlForms(value), ...jsonForms(value), ...htmlForms(value), ...quotedForms(value)];
}

/** As JavaScript, RFC 3986, Python's `quote` and `quote_plus` and HTML forms write it, in both cases of the digits. */
function urlForms(value: string): string[] {
  // Half a surrogate pair has no form of its own.
  const plain = encodeURIComponent(Buffer.from(value).toString());
  const strict = plain.replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
  const form = new URLSearchParams([["", value]]).toString().slice(1);
  const forms = [plain, strict, strict.replaceAll("%2F", "/"), strict.replaceAll("%20", "+"), form];
  return forms.flatMap((text) => [text, text.replace(/%../g, (code) => code.toLowerCase())]);
}

/** Every writer is of one mind for a whole text, so that few combinations are to be had. */
function jsonForms(value: string): string[] {
  const plain = JSON.stringify(value).slice(1, -1);
  return JSON_ESCAPED.flatMap((escaped) =>
    [false, true].flatMap((ascii) =>
      [false, true].flatMap((upper) => {
        const text = plain.replace(/\\.|[^\w .:/-]/g, (one) => {
          const unit = one === String.raw`\"` ? '"' : one;
          const isEscaped =
            (unit.length === 1 && escaped.includes(unit)) || (ascii && /^[^\0-~]$/.test(unit));
          return isEscaped ? unicodeEscape(unit, upper) : one;
        });
        return [text, text.replaceAll("/", String.raw`\/`)];
      }),
    ),
  );
}

function unicodeEscape(unit: string, upper: boolean): string {
  const digits = unit.charCodeAt(0).toString(16).padStart(4, "0");
  return `\\u${upper ? digits.toUpperCase() : digits}`;
}

function htmlForms(value: string): string[] {
  return HTML_ESCAPED.map((table) => replaced(value, { ...MARKUP, ...table }));
}

function quotedForms(value: string): string[] {
  return [
    ...QUOTED.map((table) => replaced(value, table)),
    ...SHELL_PLAIN.map((special) => value.replace(special, String.raw`\$&`)),
  ];
}

function replaced(value: string, table: Readonly<Record<string, string>>): string {
  return value.replace(/#\{|[^\w ]/g, (one) => (Object.hasOwn(table, one) ? (table[one] ?? one) : one));
}
