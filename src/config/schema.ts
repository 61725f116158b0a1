import * as v from "valibot";
import { isName, isProfile } from "./names.ts";
import { isTreePath } from "./tree-path.ts";
import type { Manifest, ManifestSecret } from "../model/manifest.ts";
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

const TREE_PATH = "the path of a file inside the work tree, relative to its top, not in .git";

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
  store: v.optional(v.pipe(text, v.check(isTreePath, TREE_PATH))),
  limits: v.optional(v.pipe(objectFirst, v.strictObject(LIMITS))),
};

const ConfigSchema = v.pipe(objectFirst, v.strictObject(KEYS));

/** What a configuration file may say. */
export type Config = v.InferOutput<typeof ConfigSchema>;

/** The first thing that is wrong with a configuration or a manifest. */
export interface SchemaProblem {
  readonly path: readonly (string | number)[];
  /** What must stand there; null where the key itself is not known. */
  readonly wanted: string | null;
}

/** Checks what a configuration file says. */
export function checkConfig(
  value: unknown,
): { readonly config: Config } | { readonly problem: SchemaProblem } {
  const result = v.safeParse(ConfigSchema, value, { abortEarly: true });
  return result.success ? { config: result.output } : { problem: problemOf(result.issues[0]) };
}

function problemOf({ path, expected, message }: v.BaseIssue<unknown>): SchemaProblem {
  const steps = (path ?? []).map(({ key }) => key as string | number);
  return { path: steps, wanted: expected === "never" ? null : message };
}

/** Keys known in the object at this path. */
export function knownKeys(path: readonly (string | number)[]): readonly string[] {
  return Object.keys(path[0] === "limits" ? LIMITS : KEYS);
}

const NAME = "the name of a variable: at most 128 letters, digits and _, no digit first";
const MOST_NAMES = 10_000;
const FEW = 100;

const few = <T>(item: v.GenericSchema<T>): v.GenericSchema<T[]> =>
  v.pipe(v.array(item, "a list of texts"), v.maxLength(FEW, `a list of at most ${FEW} texts`));
const name = v.pipe(v.string(NAME), v.check(isName, NAME));
const origin = v.pipe(
  v.string("a text"),
  v.check(
    (value) =>
      value === "keychain" || (value.startsWith("dotenv:") && isTreePath(value.slice("dotenv:".length))),
    `keychain or dotenv: with ${TREE_PATH}`,
  ),
);
const profile = v.pipe(v.string("a text"), v.check(isProfile, "at most 64 letters, digits, - and _"));

const SECRET_KEYS = {
  from: v.pipe(few(origin), v.minLength(1, "a list that is not empty")),
  about: v.optional(text),
  provider: v.optional(text),
  profiles: v.optional(few(profile)),
  as: v.optional(few(name)),
} satisfies Record<keyof ManifestSecret, unknown>;

const MANIFEST_KEYS = {
  $schema: v.optional(v.string("a text")),
  version: v.literal(1, "1"),
  projectId: v.pipe(
    v.string("a text"),
    v.regex(/^[0-9a-f]{16,64}$/, "16 to 64 hexadecimal digits in lower case"),
  ),
  secrets: objectFirst,
};

const ManifestSchema = v.pipe(objectFirst, v.strictObject(MANIFEST_KEYS));
const SecretSchema = v.pipe(objectFirst, v.strictObject(SECRET_KEYS));

/** Checks what `stowaway.secrets.json` says. The names' object has no prototype, so that it holds them and nothing else. */
export function checkManifest(
  value: unknown,
): { readonly manifest: Manifest } | { readonly problem: SchemaProblem } {
  const result = v.safeParse(ManifestSchema, value, { abortEarly: true });
  if (!result.success) return { problem: problemOf(result.issues[0]) };
  const { version, projectId, secrets } = result.output;
  const entries = Object.entries(secrets);
  if (entries.length > MOST_NAMES)
    return { problem: { path: ["secrets"], wanted: `an object of at most ${MOST_NAMES} names` } };
  const checked = Object.create(null) as Record<string, ManifestSecret>;
  for (const [key, entry] of entries) {
    const path = ["secrets", key];
    if (!isName(key)) return { problem: { path, wanted: NAME } };
    // One by one: valibot's record passes over names like `constructor`.
    const parsed = v.safeParse(SecretSchema, entry, { abortEarly: true });
    if (!parsed.success) {
      const problem = problemOf(parsed.issues[0]);
      return { problem: { ...problem, path: [...path, ...problem.path] } };
    }
    checked[key] = parsed.output;
  }
  return { manifest: { version, projectId, secrets: checked } };
}

/** Keys known in a manifest's object at this path. */
export function knownManifestKeys(path: readonly (string | number)[]): readonly string[] {
  return Object.keys(path[0] === "secrets" ? SECRET_KEYS : MANIFEST_KEYS);
}
