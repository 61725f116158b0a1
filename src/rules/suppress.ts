/** Words that only an invented value holds; long enough not to arise in random text. */
const INVENTED =
  /example|sample|placeholder|change[_-]?me|redacted|dummy|replace[_-]?(?:me|with|this)|insert[_-]|your[_-]|yourkey|yourtoken|my[_-]?(?:secret|token|password)|not[_-]?a[_-]?real|xxxxx|00000000|11111111|12345678|87654321|abcdefg|deadbeefdead|\*\*\*|\.\.\.|foobar|lorem/i;

/** The least share of different characters in a text of random ones. */
const LEAST_VARIETY = 0.15;

/**
 * Whether a token's own characters (without its prefix) were typed by a person to fill a form.
 *
 * @param body the variable part of a token
 */
export function looksInvented(body: string): boolean {
  if (INVENTED.test(body)) return true;
  const kinds = new Set(body.toLowerCase()).size;
  if (kinds <= 2 && body.length > 4) return true;
  return body.length >= 16 && body.length <= 64 && kinds / body.length < LEAST_VARIETY;
}

const REFERENCES = [
  /^\$\$?[{(]/, // ${X}, $(cmd), $$(cmd)
  /^\$(?:[A-Z_][A-Z0-9_]*|[a-z_][a-z0-9_]*|\d)$/, // $DB_PASSWORD, $password_2, $1
  /^\$ANSIBLE_VAULT/,
  /^#\{|^\{\{|^%\w+%$|^@\w+@$|^@\{/, // #{x}, {{ x }}, %X%, @x@
  /\$\{|\{\{[^{}]*\}\}|#\{[A-Za-z_@]|<%[=-]?[\w@ ]|%\(\w+\)[sdr]/, // a template anywhere in the value
  /^%[sdv@](?![0-9A-Za-z])/, // a format's slot
  /^(?:<.*>|\[.*\]|\{.*\}|\(.*\))$|<\/?[a-z][a-z0-9]*\/?>/, // <your-token>, [TOKEN], {x}, (x), markup
  /\[\^?(?:a-z|A-Z|0-9)|\(\?[:=!<]|\{\d+,?\d*\}/, // a pattern that values must fit
  /^(?:process\.env|import\.meta|os\.environ|os\.getenv|getenv|env[.[(]|ENV[[.]|System\.getenv|secrets?\.|vars?\.|var\.|local\.|data\.|self\.|this\.|config\.|settings\.|options?\.|params?\.|args?\.|request\.|req\.|ctx\.)/,
  /^(?:op|vault|ssm|keychain|secretsmanager|akv|gcp-sm|awssm|ref\+[a-z]+|arn|env|file):/i,
  // f(…), a.b(…), a[…], and such a call up to the quote that its first argument opens with
  /^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*[([](?:.*[)\]](?:\.[A-Za-z_]\w*|[;,])*)?$/,
  /^!(?:Ref|Sub|GetAtt|vault|secret)/,
];

/** The same where nothing closes them: passwords start like this too, so the rest must be words. */
const OPEN_REFERENCES = [
  /^\$?\$[A-Za-z_]\w*(?:(?:->|[.:/[\]@$-])\w*)*(?:\(\))?$/, // $name, $a->b, $env:X, $HOME/x, $user:$pass
  /^[#@%][A-Za-z_][\w./:-]*$/, // #id, @scope/name, %name
];

/** Whether a value only names the place where the secret is kept, or is an expression. */
export function isReference(value: string): boolean {
  return (
    REFERENCES.some((pattern) => pattern.test(value)) ||
    (OPEN_REFERENCES.some((pattern) => pattern.test(value)) && isNamed(value))
  );
}

const WEAK =
  /^(?:(?:my|your|the|some|a|new|old|db|app|api|root|admin|user|test|super|top|default)?[_-]?(?:user|username|login|pass|passwd|password|passw0rd|p[@a4]ss(?:w[o0]rd|word)?|pwd|pw|secret|s3cr3t|s3cret|token|key|apikey|api[_-]?key|credential|credentials|admin|root|guest|test|testing|foo|bar|baz|qux|foobar|demo|changeme|change_me|letmein|qwerty|hunter2|none|null|nil|undefined|true|false|empty|value|string|text|hidden|masked|redacted|secretpassword|tiger|postgres|mysql|mongo|redis|rabbit|localhost)[_-]?(?:here|value|string|goes[_-]here)?[!@#$]?[0-9]{0,4}[!@#$]?)$/i;

const SPEAKING = /pass|secret|key|token|user|fake/i;

/** Whether a text is words that say what should stand there: fake_pass, aws-secret-access-key, dbPassword. */
function isSpeaking(value: string): boolean {
  if (/^(?:[a-z]+(?:[_-][a-z]+)*|[A-Z]+(?:[_-][A-Z]+)*)$/.test(value)) return SPEAKING.test(value);
  const words = /^[a-z]+(?:[_-][a-z]+)*$/i.test(value) ? (value.match(/[A-Z]?[a-z]+|[A-Z]+/g) ?? []) : [];
  return words.some((word) => SPEAKING.exec(word)?.index === 0);
}

/** Whether a password is a filler of examples and test set-ups, which protects nothing. */
export function isWeakPassword(value: string): boolean {
  return (
    WEAK.test(value) ||
    isSpeaking(value) ||
    looksInvented(value) ||
    /^(.)\1+$/.test(value) ||
    isSequence(value)
  );
}

/** Whether each character follows the one before it (1234567890, abcdef, 0123abcd). */
export function isSequence(value: string): boolean {
  let steps = 0;
  for (let i = 1; i < value.length; i += 1) {
    const step = Math.abs(value.charCodeAt(i) - value.charCodeAt(i - 1));
    if (step === 1 || step === 9) steps += 1;
  }
  return value.length > 3 && steps / (value.length - 1) >= 0.6;
}

const SHAPES = [
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i, // UUID
  /^v?\d+(?:\.\d+){1,3}(?:[-+][\w.]+)?$/, // version, IP address
  /^\d{4}-\d\d-\d\d/, // date
  /^[\d.,:+-]+$/, // number, time
  /^[a-z][a-z0-9+.-]*:\/\//i, // URL
  /^(?:data|mailto|javascript|urn|blob):/i,
  /^[\w.-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}$/, // mail address
  /^#?[0-9a-f]{3,8}$/i, // colour
  /^(?:sha\d+|md5)[-:]/i, // integrity
  /^\/\//, // URL without its scheme
  /^[A-Z]+(?:_[A-Z0-9]+)+$/, // name of a constant
  /^(?:pbkdf2|bcrypt|argon2|scrypt|sha\d|md5)\w{0,16}\$|^\{S?SHA|^\$(?:2[abxy]?|[156yPH]|apr1|argon2i?d?|pbkdf2[\w-]{0,16}|scrypt)\$/, // hash of a password
  /[a-z]-v?\d{1,9}\.\d{1,9}[\w.-]{0,40}$/, // name-1.2.3
  /\.(?:js|ts|tsx|jsx|py|rb|go|java|json|ya?ml|xml|html?|css|md|txt|png|svg|jpe?g|pem|key|crt|conf|sh|sql|com|org|net|io)$/i,
];

/** Forms that random text takes as well: harmless only when their parts are words. */
const NAMED_SHAPES = [
  /^[~.]{0,2}\/[\w.@-]+(?:\/[\w.@*-]+)*\/?$/, // path
  /^\d{3,5}_[a-z0-9_]+$/, // numbered file
  /^[A-Z][A-Za-z]{0,15}(?:-[A-Z][A-Za-z0-9]{0,15}){1,5}$/, // name of a header
  /^[A-Za-z_]\w{0,31}(?:(?:\.|::|->)[A-Za-z_]\w{0,31})+(?:\(\))?$/, // a.b, A::b
  /^[\w-]+\/[\w.+-]+(?:;.*)?$/, // media type, owner/repository
];

/** Whether a value has the form of something that is no secret: version, date, URL, path, colour, UUID. */
export function hasHarmlessShape(value: string): boolean {
  return (
    SHAPES.some((pattern) => pattern.test(value)) ||
    (NAMED_SHAPES.some((pattern) => pattern.test(value)) && isNamed(value))
  );
}

/** Share of a name's letters and digits that must stand in words of three letters or more. */
const LEAST_NAMED = 0.55;

/** Whether a text is a name: words, joined by signs, digits or capitals. In random text few letters in a row make one. */
function isNamed(value: string): boolean {
  const words = value.match(/[A-Z]?[a-z]{2,}|(?<![0-9A-Za-z])[A-Z]{3,}(?![0-9A-Za-z])/g) ?? [];
  const long = words.filter((word) => word.length >= 3 && /[aeiou]/i.test(word));
  return long.join("").length >= LEAST_NAMED * value.replace(/[^0-9A-Za-z]/g, "").length;
}

/** Share of a text that must be words for it to be a phrase. */
const LEAST_WORDS = 0.6;

/** Whether a text is words joined by separators, perhaps with a number (bad-token-causes-400). */
export function isPhrase(value: string): boolean {
  const parts = value.split(/[-_./: ]+/);
  if (parts.length < 3 || parts.some((part) => /[^A-Za-z0-9]/.test(part))) return false;
  const words = parts.filter((part) => /^[A-Z]?[a-z]{2,}$/.test(part) && /[aeiouy]/i.test(part));
  return words.join("").length / parts.join("").length >= LEAST_WORDS;
}

/** Last words of names whose values are public though the name speaks of keys. */
const PUBLIC_NAME =
  /(?:hash|sha\d*|md5|checksum|integrity|digest|fingerprint|public_?key|pub_?key|key_?word\w*|monkey|donkey|turkey|csrf\w*|xsrf\w*|author|authors|authority|type|name|names|url|uri|path|file|filename|dir|endpoint|header|headers|field|label|placeholder|title|prefix|suffix|format|version|algorithm|alg|issuer|audience|scopes?|errors?|messages?|class|classname|selector|template|length|size|limit|count|max|min|regexp?|pattern|expires?\w*|expiry|ttl|timeout|id|ids|index|idx|role|roles|user|username|email|help|hint|text|description|desc|comment|docs?|tokenizer|tokens|keys|passes|arn|region|mode|status|state|strategy|policy|provider|enabled|required|valid|schema|column|table|model|models|backends?|module|group|package|middleware|view|handler|function|method|variable|ref|reference|manager|factory|helper|attribute|property|event|action|icon|color|position|separator|delimiter|encoding|charset|locale)$/i;

/** @param name the whole name that a value is assigned to */
export function isPublicName(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[.-]/g, "_")
    .toLowerCase();
  return (
    PUBLIC_NAME.test(words.split("_").at(-1) ?? "") ||
    /public_?key|pub_?key|csrf|xsrf|author(?!iz)|checksum|integrity|cache_?key|etag|(?:next|page|continuation|pagination|sync|cursor)_?token|(?:primary|foreign|sort|partition|translation|i18n|react|object|s3|row|group|index|storage|query|route|lookup)_?key/.test(
      words,
    )
  );
}

const GENERATED =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lock|cargo\.lock|poetry\.lock|uv\.lock|pdm\.lock|pipfile\.lock|gemfile\.lock|composer\.lock|go\.sum|flake\.lock)$|\.(?:map|svg|css|scss|less|woff2?|ttf|po|pot|csv|tsv|snap|ipynb_checkpoints)$/i;

/** Whether a file's values come from a tool: lock files, source maps, styles, translations. */
export function isGenerated(path: string): boolean {
  return GENERATED.test(path);
}
