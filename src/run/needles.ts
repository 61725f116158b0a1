import { base64Forms, bodyForms } from "./base64-forms.ts";
import { textForms } from "./text-forms.ts";
import type { Secret } from "../model/secret.ts";

/** Shorter texts are not masked: they would hide half of an ordinary log, and guess themselves. */
const SHORTEST = 6;

/** Lines that every PEM file has (RFC 7468). */
const ARMOUR = /^-----(?:BEGIN|END) [A-Z0-9 ]{1,40}-----$/;

/** Whether a value is long enough to be masked. */
export function isMasked(secret: Secret): boolean {
  return secret.length >= SHORTEST;
}

/**
 * The byte strings that would show a value: itself, each line of it, and what base64, URLs, JSON, HTML, shells and languages
 * make of it.
 *
 * @param secrets any number; equal and short ones count for nothing
 * @returns each at least six characters long, no two alike
 */
export function needlesOf(secrets: Iterable<Secret>): Buffer[] {
  const texts = new Set<string>();
  for (const secret of secrets) for (const text of formsOf(secret.expose())) texts.add(text);
  return [...texts].map((text) => Buffer.from(text));
}

function formsOf(value: string): string[] {
  if (value.length < SHORTEST) return [];
  const lines = value.split(/\r\n?|\n/).map((line) => line.trim());
  const shown = [
    value,
    value.trim(),
    ...lines.filter((line) => !ARMOUR.test(line)),
    ...base64Forms(Buffer.from(value)),
    ...bodyForms(value),
    ...textForms(value),
  ];
  return shown.filter((text) => text.length >= SHORTEST);
}
