import type { LocatedScalar, LocatedText } from "../../../formats/located.ts";
import type { Reader } from "./verdict.ts";

/** How a format is read, and how a text is written into one of its scalars. */
export interface Grammar {
  locate(text: string): LocatedText;
  /** A text as it stands inside a scalar of this style; null where it cannot. */
  escape(text: string, scalar: LocatedScalar): string | null;
  /** Whether a scalar without quotes must get some to hold this value. */
  needsQuotes(value: string, scalar: LocatedScalar): boolean;
  /** What must stand where the only entry of a map was; null where nothing must. */
  readonly emptyMap: string | null;
}

const never = (): boolean => false;
/** A new line would need the indentation of a block, or end the value. */
const hasLineEnd = (text: string): boolean => /[\r\n]/.test(text);
const asIs = (text: string): string | null => (hasLineEnd(text) ? null : text);

function backslashes(text: string): string {
  return text.replace(/[\\"]/g, String.raw`\$&`);
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Plain scalars: https://yaml.org/spec/1.2.2/#733-plain-style */
function isNoPlainYaml(value: string, { flow }: LocatedScalar): boolean {
  return (
    /^[\s,[\]{}#&*!|>'"%@`]|^[-?:](?:\s|$)|:(?:\s|$)|\s#|\s$/.test(value) || (flow && /[,[\]{}]/.test(value))
  );
}

type Format = Reader["format"];

/** Each format's parser is loaded when the first file needs it. */
const GRAMMARS: Readonly<Record<Format, () => Promise<Grammar>>> = {
  yaml: async () => {
    const { locateYaml } = await import("../../../formats/yaml.ts");
    const escape: Grammar["escape"] = (text, { style }) => {
      if (hasLineEnd(text)) return null;
      if (style === "single") return text.replaceAll("'", "''");
      return style === "double" ? backslashes(text) : text;
    };
    return { locate: locateYaml, escape, needsQuotes: isNoPlainYaml, emptyMap: "{}" };
  },
  json: async () => {
    const { locateJson } = await import("../../../formats/jsonc.ts");
    return {
      locate: locateJson,
      // A number or a word takes no variable.
      escape: (text, { style }) => (style === "double" ? JSON.stringify(text).slice(1, -1) : null),
      needsQuotes: never,
      emptyMap: null,
    };
  },
  toml: async () => {
    const { locateToml } = await import("../../../formats/toml.ts");
    return {
      locate: locateToml,
      escape: (text, { style }) => {
        if (hasLineEnd(text)) return null;
        if (style === "double") return backslashes(text);
        return style === "single" && !text.includes("'") ? text : null;
      },
      needsQuotes: never,
      emptyMap: null,
    };
  },
  ini: async () => await iniGrammar("CONFIGPARSER"),
  npmrc: async () => await iniGrammar("NPM_INI"),
  conf: async () => await iniGrammar("REMARKED"),
  properties: async () => {
    const { locateProperties } = await import("../../../formats/properties.ts");
    return {
      locate: locateProperties,
      escape: (text) => asIs(text)?.replaceAll("\\", String.raw`\\`) ?? null,
      needsQuotes: never,
      emptyMap: null,
    };
  },
  xml: async () => {
    const { locateXml } = await import("../../../formats/xml.ts");
    return {
      locate: locateXml,
      escape: (text, { style }) =>
        style === "cdata" ? text : text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? ""),
      needsQuotes: never,
      emptyMap: null,
    };
  },
};

async function iniGrammar(dialect: "CONFIGPARSER" | "NPM_INI" | "REMARKED"): Promise<Grammar> {
  const ini = await import("../../../formats/ini.ts");
  return {
    locate: (text) => ini.locateIni(text, ini[dialect]),
    escape: asIs,
    needsQuotes: never,
    emptyMap: null,
  };
}

/** Loads a format's grammar. */
export async function loadGrammar(format: Format): Promise<Grammar> {
  return await GRAMMARS[format]();
}
