/** Colours of the eight names the tool uses, readable on the dark ground. */
const COLOURS: Readonly<Record<number, string>> = {
  31: "#ff7b72",
  32: "#7ee787",
  33: "#e3b341",
  34: "#79c0ff",
  35: "#ff7bd5",
  36: "#76e3ea",
};
const GROUND = "#0d1117";
const TEXT = "#e6edf3";
const DIM = "#8b949e";
const SIZE = 14;
const ADVANCE = SIZE * 0.602;
const LEADING = 20;
const MARGIN = 20;

interface Style {
  readonly bold: boolean;
  readonly dim: boolean;
  readonly underline: boolean;
  readonly colour: string | null;
}

const PLAIN: Style = { bold: false, dim: false, underline: false, colour: null };

/**
 * Draws what a terminal would show.
 *
 * @param output text with SGR escapes (ECMA-48, 8.3.117), as the tool writes them with FORCE_COLOR=1
 * @param title one sentence for those who cannot see it
 * @returns an SVG document that needs no font, script or network
 */
export function picture(output: string, title: string): string {
  const lines = output.replace(/\n+$/, "").split("\n");
  // oxlint-disable-next-line no-control-regex -- the escapes are what is counted out
  const columns = Math.max(...lines.map((line) => Array.from(line.replace(/\u001b\[[\d;]*m/g, "")).length));
  const width = Math.ceil(columns * ADVANCE + 2 * MARGIN);
  const height = lines.length * LEADING + 2 * MARGIN;
  let style = PLAIN;
  const drawn = lines.map((line, index) => {
    const spans = spansOf(line, style);
    style = spans.style;
    return `  <text x="${MARGIN}" y="${MARGIN + LEADING * index + SIZE}" xml:space="preserve">${spans.text}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `  <title>${escapeXml(title)}</title>`,
    `  <rect width="100%" height="100%" rx="8" fill="${GROUND}"/>`,
    `  <g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${SIZE}" fill="${TEXT}">`,
    ...drawn.map((line) => `  ${line}`),
    "  </g>",
    "</svg>",
    "",
  ].join("\n");
}

function spansOf(line: string, initial: Style): { text: string; style: Style } {
  let style = initial;
  // oxlint-disable-next-line no-control-regex -- as above
  const parts = line.split(/\u001b\[([\d;]*)m/);
  const spans = parts.map((part, index) => {
    if (index % 2 === 0) return span(part, style);
    style = part.split(";").map(Number).reduce(change, style);
    return "";
  });
  return { text: spans.join(""), style };
}

function change(style: Style, code: number): Style {
  if (code === 0) return PLAIN;
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 4) return { ...style, underline: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code === 24) return { ...style, underline: false };
  if (code === 39) return { ...style, colour: null };
  const colour = COLOURS[code];
  if (colour === undefined) throw new Error(`the picture knows no SGR code ${code}`);
  return { ...style, colour };
}

function span(text: string, { bold, dim, underline, colour }: Style): string {
  if (text === "") return "";
  const fill = colour ?? (dim ? DIM : null);
  const attributes = [
    fill === null ? "" : ` fill="${fill}"`,
    bold ? ' font-weight="bold"' : "",
    underline ? ' text-decoration="underline"' : "",
  ].join("");
  return attributes === "" ? escapeXml(text) : `<tspan${attributes}>${escapeXml(text)}</tspan>`;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
