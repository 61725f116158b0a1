import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { locateHcl } from "../../../src/formats/hcl.ts";
import { CONFIGPARSER, locateIni, NPM_INI, REMARKED } from "../../../src/formats/ini.ts";
import { locateJson } from "../../../src/formats/jsonc.ts";
import { scalarAt } from "../../../src/formats/located.ts";
import type { LocatedText } from "../../../src/formats/located.ts";
import { locateProperties } from "../../../src/formats/properties.ts";
import { locateToml } from "../../../src/formats/toml.ts";
import { locateXml } from "../../../src/formats/xml.ts";
import { locateYaml } from "../../../src/formats/yaml.ts";

const FORMATS: Readonly<Record<string, (text: string) => LocatedText>> = {
  yaml: locateYaml,
  json: locateJson,
  toml: locateToml,
  xml: locateXml,
  hcl: locateHcl,
  properties: locateProperties,
  configparser: (text) => locateIni(text, CONFIGPARSER),
  npmrc: (text) => locateIni(text, NPM_INI),
  ini: (text) => locateIni(text, REMARKED),
};

/** `path role style value`, one scalar each. */
function shown({ scalars }: LocatedText): string[] {
  return scalars.map(({ path, role, style, value }) => `${path.join("/")} ${role} ${style} ${value}`);
}

/** Cuts out of the text what stands for each value; undefined where that is not followed. */
function written(text: string, { scalars }: LocatedText): (string | undefined)[] {
  return scalars.map((scalar) => {
    const offsets = scalar.offsets();
    return offsets === null ? undefined : text.slice(offsets[0], offsets.at(-1));
  });
}

test("YAML of every style", () => {
  const text =
    "a: |\r\n  x y\r\n  z\r\nb: >-\n  fold\n  ed\n'c''d': \"q\\\"\" # n\ne: [f, {g: 12}]\n? h\n: i\n---\n- j: &k l\n  m: *k\n  n: !t o\n";
  const located = locateYaml(text);
  expect(located.problems).toBe(0);
  expect(shown(located)).toEqual([
    "a key plain a",
    "a value block x y\nz\n",
    "b key plain b",
    "b value block fold ed",
    "c'd key single c'd",
    "c'd value double q\"",
    "e key plain e",
    "e/0 value plain f",
    "e/1/g key plain g",
    "e/1/g value plain 12",
    "h key plain h",
    "h value plain i",
    "0/j key plain j",
    "0/j value plain l",
    "0/m key plain m",
    "0/n key plain n",
    "0/n value plain o",
  ]);
  expect(written(text, located).slice(1, 6)).toEqual(["x y\r\n  z\r\n", "b", "fold\n  ed", "c''d", 'q\\"']);
  expect(located.scalars.filter(({ special }) => special !== null).map(({ value }) => value)).toEqual([
    "l",
    "o",
  ]);
  expect(located.scalars.filter(({ flow }) => flow).map(({ value }) => value)).toEqual(["f", "g", "12"]);
});

test("JSON with comments", () => {
  const located = locateJson('{"a": [1, "b\\u0041"], // x\n "c": {"d": null,}}');
  expect(shown(located)).toEqual([
    "a key double a",
    "a/0 value plain 1",
    "a/1 value double bA",
    "c key double c",
    "c/d key double d",
    "c/d value plain null",
  ]);
  expect(located.problems).toBe(0);
  expect(locateJson('{"a": }').problems).toBeGreaterThan(0);
});

test("TOML", () => {
  const text =
    '[a."b c"]\nx = "y\\n" # c\nz = \'q\'\nl = [1, "s"]\nt = { u = "v" }\n[[m]]\nn = """\nabc"""\n';
  const located = locateToml(text);
  expect(shown(located).filter((line) => line.includes(" value "))).toEqual([
    "a/b c/x value double y\n",
    "a/b c/z value single q",
    "a/b c/l/0 value plain 1",
    "a/b c/l/1 value double s",
    "a/b c/t/u value double v",
    "m/0/n value double abc",
  ]);
  expect(located.scalars.at(-1)?.offsets()).toBeNull();
  expect(locateToml("a = ").problems).toBe(1);
});

test("XML", () => {
  const text = "<?xml version='1.0'?>\n<!-- <x> -->\n<a b='v&amp;w'>\n t &lt;<c/>u<![CDATA[<raw>]]></a>";
  const located = locateXml(text);
  expect(shown(located)).toEqual([
    "a/@b value attribute v&w",
    "a value text t <",
    "a value text u",
    "a value cdata <raw>",
  ]);
  expect(written(text, located)).toEqual(["v&amp;w", "t &lt;", "u", "<raw>"]);
  expect(
    ["<a>", "<a></b>", "a < b", "<a b=></a>", "<!-- "].map((broken) => locateXml(broken).problems > 0),
  ).toEqual(Array.from({ length: 5 }, () => true));
});

test("INI and its dialects", () => {
  expect(shown(locateIni('; c\n//r/:_auth = a=b ; x\n[s]\n k="q" # y\nz\n', NPM_INI))).toEqual([
    "//r/:_auth key plain //r/:_auth",
    "//r/:_auth value plain a=b",
    "s key plain s",
    "s/k key plain k",
    "s/k value double q",
    "s/z key plain z",
  ]);
  expect(shown(locateIni("[t]\nc =\n  a b\n  # n\n  d\nk: v ; w\r\n", CONFIGPARSER))).toEqual([
    "t key plain t",
    "t/c key plain c",
    "t/c/1 value plain a b",
    "t/c/2 value plain d",
    "t/k key plain k",
    "t/k value plain v ; w",
  ]);
  expect(shown(locateIni("a = b ; c", REMARKED))).toEqual(["a key plain a", "a value plain b"]);
});

test("properties", () => {
  const text = "# c\n a.b = x\\\r\n   y\\u0041 \nk v\nz\n! d\nq\\:r:s";
  const located = locateProperties(text);
  expect(shown(located)).toEqual([
    "a.b key plain a.b",
    "a.b value plain xyA ",
    "k key plain k",
    "k value plain v",
    "z key plain z",
    "q:r key plain q:r",
    "q:r value plain s",
  ]);
  expect(written(text, located)[1]).toBe("x\\\r\n   y\\u0041 ");
});

test("HCL", () => {
  const text =
    '# "c"\nterraform {\n  backend "s3" {\n    b = "c" # d\n  }\n}\nlocals {\n  m = { k = "x", "q": "y\\"" }\n  l = ["1", f("2")]\n  s = "p ${var.x["k"]} $${n}"\n  h = <<-E\n    t ${u("w")}\n    E\n}\n';
  const located = locateHcl(text);
  expect(located.problems).toBe(0);
  expect(located.blocks).toEqual([["terraform"], ["terraform", "backend", "s3"], ["locals"]]);
  expect(shown(located)).toEqual([
    "terraform/backend key double s3",
    "terraform/backend/s3/b value double c",
    "locals/m/k value double x",
    "locals/m/q key double q",
    'locals/m/q value double y"',
    "locals/l value double 1",
    "locals/l value double 2",
    "locals/s value text p ",
    "locals/s value double k",
    "locals/s value text  ${n}",
    "locals/h value text     t ",
    "locals/h value double w",
    "locals/h value text \n",
  ]);
  expect(located.attributes.map(({ start, end }) => text.slice(start, end)).slice(0, 2)).toEqual([
    'b = "c"',
    'm = { k = "x", "q": "y\\"" }',
  ]);
  expect(
    ['a = "x\nb = 1', "a {", "a }", "a = [}", "/* a"].map((broken) => locateHcl(broken).problems > 0),
  ).toEqual(Array.from({ length: 5 }, () => true));
});

test("what is read as YAML is what the yaml package reads", () => {
  const value = fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.string({ unit: "grapheme" }), {
    maxKeys: 5,
  });
  fc.assert(
    fc.property(value, fc.constantFrom("", " ", "    "), (given, indent) => {
      const text = `top:\n${Object.entries(given)
        .map(([key, text_]) => `${indent || " "}${key}: ${JSON.stringify(text_)}\n`)
        .join("")}`;
      const parsed = parse(text) as { top: Record<string, string> | null };
      const located = locateYaml(text).scalars.filter(
        ({ role, path }) => role === "value" && path.length === 2,
      );
      expect(Object.fromEntries(located.map(({ path, value: text_ }) => [path[1], text_]))).toEqual(
        parsed.top ?? {},
      );
    }),
  );
});

const PIECES = [
  ..."abAB01 \n\n\t'\"`:=#{}[](),|>&*!%@\\$;-<>/?~".split(""),
  ..."\r\n|\\u0041|\\n|${|}}|<<E\n|E\n|- |key: |key = |---\n|&a |*a|!t |<a>|</a>|<!--|-->|<![CDATA[|]]>|&amp;|\"\"\"|'''|[a]\n|[[b]]\n|a {\n|/*|*/|//|>-\n|\\\n".split(
    "|",
  ),
];

describe("any text gives scalars in order, with offsets inside of them", () => {
  test.each(Object.keys(FORMATS))("%s", (name) => {
    const pieces = fc.array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 3 })), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(pieces, (given) => {
        const text = given.join("");
        const { scalars } = FORMATS[name]?.(text) ?? { scalars: [] };
        let at = 0;
        for (const scalar of scalars) {
          expect(scalar.start).toBeGreaterThanOrEqual(at);
          expect(scalar.end).toBeGreaterThanOrEqual(scalar.start);
          at = scalar.end;
          expect(scalarAt(scalars, scalar.start, scalar.end)?.end).toBe(scalar.end);
          const offsets = scalar.offsets();
          if (offsets === null) continue;
          expect(offsets).toHaveLength(scalar.value.length + 1);
          expect(offsets.every((offset, index) => offset >= (offsets[index - 1] ?? scalar.start))).toBe(true);
          expect(offsets.at(-1)).toBeLessThanOrEqual(scalar.end);
        }
        expect(at).toBeLessThanOrEqual(text.length);
      }),
      {
        numRuns: 400,
        examples: [[[">", "\r\n", "a"]], [[">", "\n", "a", "\n", "\n"]], [["|+\n", " a\n\n"]]],
      },
    );
  });
});
