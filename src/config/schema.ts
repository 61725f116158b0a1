import * as v from "valibot";
import { SEVERITIES } from "../model/rule.ts";
import type { Limits } from "../model/settings.ts";

const GIBIBYTE = 1024 ** 3;

/** A bound may be raised for an honest repository, but not so far that a hostile one takes the machine. */
const LARGEST: Limits = {
  fileBytes: 2 * GIBIBYTE,
  entries: 2_000_000,
  totalBytes: 64 * GIBIBYTE,
  ratio: 2000,
  ratioFrom: GIBIBYTE,
  depth: 8,
  buildSeconds: 3600,
};

// An array passes for an object with valibot. Messages are our own: valibot's quote the value.
const isObject = (value: unknown): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const objectFirst = v.custom<Record<string, unknown>>(isObject, "an object");

const text = v.pipe(
  v.string("a text"),
  v.minLength(1, "a text that is not empty"),
  v.maxLength(1000, "a text of at most 1000 characters"),
);
const texts = v.pipe(v.array(text, "a list of texts"), v.maxLength(10_000, "a list of at most 10000 texts"));

const bound = (largest: number): v.GenericSchema<number> => {
  const message = `a whole number from 1 to ${largest}`;
  return v.pipe(v.number(message), v.integer(message), v.minValue(1, message), v.maxValue(largest, message));
};

const LIMITS = {
  fileBytes: v.optional(bound(LARGEST.fileBytes)),
  entries: v.optional(bound(LARGEST.entries)),
  totalBytes: v.optional(bound(LARGEST.totalBytes)),
  ratio: v.optional(bound(LARGEST.ratio)),
  ratioFrom: v.optional(bound(LARGEST.ratioFrom)),
  depth: v.optional(bound(LARGEST.depth)),
  buildSeconds: v.optional(bound(LARGEST.buildSeconds)),
} satisfies Record<keyof Limits, unknown>;

const KEYS = {
  $schema: v.optional(v.string("a text")),
  failOn: v.optional(v.picklist(SEVERITIES, `one of ${SEVERITIES.join(", ")}`)),
  ignorePaths: v.optional(texts),
  disable: v.optional(texts),
  limits: v.optional(v.pipe(objectFirst, v.strictObject(LIMITS))),
};

const ConfigSchema = v.pipe(objectFirst, v.strictObject(KEYS));

/** What a configuration file may say. */
export type Config = v.InferOutput<typeof ConfigSchema>;

/** The first thing that is wrong with a configuration. */
export interface ConfigProblem {
  readonly path: readonly (string | number)[];
  /** What must stand there; null where the key itself is not known. */
  readonly wanted: string | null;
}

/** Checks what a configuration file says. */
export function checkConfig(
  value: unknown,
): { readonly config: Config } | { readonly problem: ConfigProblem } {
  const result = v.safeParse(ConfigSchema, value, { abortEarly: true });
  if (result.success) return { config: result.output };
  const [{ path = [], expected, message }] = result.issues;
  const steps = path.map(({ key }) => key as string | number);
  return { problem: { path: steps, wanted: expected === "never" ? null : message } };
}

/** Keys known in the object at this path. */
export function knownKeys(path: readonly (string | number)[]): readonly string[] {
  return Object.keys(path[0] === "limits" ? LIMITS : KEYS);
}
