import type { Generator } from "./example-generator.ts";

/** A text in which a rule finds, or must not find, a secret. */
export interface Sample {
  readonly text: string;
  /** What is found, where something is. */
  readonly secret?: string;
  /** Where the text stands; `config.txt` unless given. */
  readonly path?: string;
}

/** What one rule must find and what it must leave alone, made from a seeded generator. */
export interface RuleExamples {
  match(generator: Generator): Sample[];
  ignore(generator: Generator): Sample[];
}

/** Ways in which a value stands in real files. */
const FORMS: readonly ((name: string, value: string) => string)[] = [
  (name, value) => `${name}=${value}\n`,
  (name, value) => `const ${name} = "${value}";\n`,
  (name, value) => `{\n  "${name}": "${value}"\n}\n`,
  (name, value) => `${name}: '${value}'\n`,
  (name, value) => `export ${name}='${value}' # rotated last year\r\n`,
  (name, value) => `<add key="${name}">${value}</add>`,
  (name, value) => `"line one\\n${name}=${value}\\nline three"`,
];

/** @returns the same value in every form */
export function inForms(name: string, value: string): Sample[] {
  return FORMS.map((form) => ({ text: form(name, value), secret: value }));
}

/** @returns texts without secrets, in two forms */
export function plain(name: string, values: readonly string[]): Sample[] {
  return values.flatMap((value) => FORMS.slice(0, 2).map((form) => ({ text: form(name, value) })));
}
