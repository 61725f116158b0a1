import { nearest } from "../host/nearest.ts";
import { UsageError } from "../model/errors.ts";
import { MANIFEST_FILE } from "../model/manifest.ts";
import type { Manifest } from "../model/manifest.ts";
import { isUnsafeName } from "../model/unsafe-name.ts";

/** A variable that a program is to have, and the secret that gives it its value. */
export interface Wanted {
  readonly variable: string;
  readonly secret: string;
}

/**
 * Which variables the manifest asks for, those of `as` included.
 *
 * @param only names of variables or secrets; empty takes all
 * @throws UsageError where the manifest asks for a variable that decides which code runs, and `only` does not name it
 */
export function wantedVariables(manifest: Manifest | null, only: readonly string[]): Wanted[] {
  const wanted = allVariables(manifest).filter(
    ({ variable, secret }) => only.length === 0 || only.includes(variable) || only.includes(secret),
  );
  const unsafe = wanted
    .map(({ variable }) => variable)
    .filter((name) => isUnsafeName(name) && !only.includes(name));
  if (unsafe.length > 0)
    throw new UsageError(
      "unsafe-variable",
      `asks for ${unsafe.join(", ")}, which decides what programs do and is no place for a secret`,
      {
        path: MANIFEST_FILE,
        hint: "If the repository is not your own, be wary of it. With --only, those that you name are set, whatever they are.",
      },
    );
  return wanted;
}

function allVariables(manifest: Manifest | null): Wanted[] {
  return Object.entries(manifest?.secrets ?? {}).flatMap(([secret, { as = [] }]) =>
    [secret, ...as].map((variable) => ({ variable, secret })),
  );
}

/**
 * Sees to it that every name of `--only` means something.
 *
 * @param others names that are known besides those of the manifest
 * @throws UsageError for one that does not
 */
export function requireKnown(
  only: readonly string[],
  manifest: Manifest | null,
  others: Iterable<string>,
): void {
  const known = new Set([...allVariables(manifest).map(({ variable }) => variable), ...others]);
  const unknown = only.find((name) => !known.has(name));
  if (unknown === undefined) return;
  const near = nearest(unknown, [...known]);
  throw new UsageError("unknown-secret", `--only names ${unknown}, which this project does not have`, {
    hint: near === null ? `Add it with: stowaway secrets set ${unknown}` : `Did you mean ${near}?`,
  });
}

/** @throws UsageError where no secret has a value of its own for the profile: it is misspelt more likely than meant */
export function requireProfile(manifest: Manifest, profile: string): void {
  const profiles = new Set(Object.values(manifest.secrets).flatMap((secret) => secret.profiles ?? []));
  if (profiles.has(profile)) return;
  const near = nearest(profile, [...profiles]);
  const some = profiles.size === 0 ? "It has none." : `It has ${[...profiles].join(", ")}.`;
  throw new UsageError("unknown-profile", `this project has no profile ${profile}`, {
    path: MANIFEST_FILE,
    hint: near === null ? some : `Did you mean ${near}?`,
  });
}
