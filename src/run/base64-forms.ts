/** MIME breaks lines after 76 characters, PEM and OpenSSL after 64; a line is seldom shorter, and holds whole groups. */
const GROUP = 4;
const LINE_ENDS = ["\n", "\r\n"];
/** Of what may stand on several lines, stretches of this length are looked for: 12 bytes of the value. */
const STRETCH = 16;
const ARMOURED = /-----BEGIN [^-]*-----\s([^]*?)-----END /g;
const ENCODED_LINE = /^[A-Za-z0-9+/]+=*$/;

/**
 * What base64 (RFC 4648, both alphabets) makes of a value, in one line and in several, also where it stands in the middle
 * of what was encoded (`user:token` of HTTP's Basic authentication).
 */
export function base64Forms(bytes: Buffer): string[] {
  const whole = bytes.toString("base64").replace(/=+$/, "");
  const inner = [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    // Characters that hold bits of a neighbour are another's.
    const start = Math.ceil((before * 8) / 6);
    const own = text.slice(start, Math.floor(((before + bytes.length) * 8) / 6));
    return [own, urlSafe(own), ...brokenForms(own, -start)];
  });
  return [whole, urlSafe(whole), ...inner];
}

/** What is left of a value's PEM texts (RFC 7468) whose line ends are gone, or elsewhere. */
export function bodyForms(value: string): string[] {
  return [...value.matchAll(ARMOURED)].flatMap(([, body = ""]) => {
    const lines = body.split(/\s+/).filter((line) => ENCODED_LINE.test(line));
    const text = lines.join("").replace(/=+$/, "");
    return [text, ...brokenForms(text, 0)];
  });
}

function urlSafe(text: string): string {
  return text.replaceAll("+", "-").replaceAll("/", "_");
}

/**
 * Forms of which at least one stands on each line, and all together cover the text, wherever its lines are broken.
 *
 * @param phase where a line may be broken: so many characters behind the beginning, and any number of groups
 */
function brokenForms(text: string, phase: number): string[] {
  const breaks: number[] = [];
  for (let at = phase; at < text.length; at += GROUP) if (at > 0) breaks.push(at);
  const across = (from: number, at: number, to: number): string[] =>
    LINE_ENDS.map((end) => `${text.slice(from, at)}${end}${text.slice(at, to)}`);
  if (text.length < 2 * STRETCH) return breaks.flatMap((at) => across(0, at, text.length));
  // Some stretch of this length is on each line, except where the text begins near a line's end or ends near its beginning.
  const stretches = [0, ...breaks, text.length - STRETCH]
    .map((at) => text.slice(at, at + STRETCH))
    .filter((stretch) => stretch.length === STRETCH);
  const edges = breaks.flatMap((at) => [
    ...(at < STRETCH ? across(0, at, at + STRETCH) : []),
    ...(text.length - at < STRETCH ? across(at - STRETCH, at, text.length) : []),
  ]);
  return [...stretches, ...edges];
}
