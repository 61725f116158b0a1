import { findExposure } from "./exposure.ts";
import type { Exposure } from "./exposure.ts";
import type { Moved, Plan } from "./plan.ts";
import type { WorkRepository } from "./repository.ts";

/** Milliseconds that the look into the history may take while somebody waits. */
const PATIENCE = 3000;
/** A larger content is data, and nothing that a secret was moved from. */
const LARGEST = 16 * 1024 ** 2;
const SHOWN = 3;

/**
 * Order in which to replace what is known to others: first what a worm spreads by, then what reaches furthest.
 * Providers as the rules name them; all others come last.
 */
const ORDER: readonly RegExp[] = [
  /^npm$/,
  /^(?:github|gitlab|bitbucket|gitea)/,
  /^(?:aws|gcp|google|azure|alibaba|digitalocean|cloudflare|heroku|hetzner|linode)/,
  /^(?:pypi|rubygems|crates|docker|nuget|maven)/,
];

function rank({ provider }: Moved): number {
  const at = ORDER.findIndex((pattern) => pattern.test(provider));
  return at < 0 ? ORDER.length : at;
}

/**
 * What is to be said of values that the history holds already: where they are, and that moving them is no cure.
 *
 * @param now milliseconds of a clock that never runs backwards
 * @returns sentences; none where the history has no trace of them
 */
export async function exposureNotes(repo: WorkRepository, plan: Plan, now: () => number): Promise<string[]> {
  const { edits, untrack, secrets } = plan.transaction;
  const values = secrets.map(({ value }) => Buffer.from(value.expose()));
  const exposure = await findExposure(repo, {
    paths: [...new Set([...edits.map(({ path }) => path), ...untrack])],
    holds: (content) => values.some((value) => content.includes(value)),
    limit: LARGEST,
    time: PATIENCE,
    now,
  });
  const unseen = exposure.unseen.map((what) => `not looked at: ${what}; so a value may be there`);
  return exposure.commits.length === 0 && !exposure.stashed
    ? unseen
    : [whereItIs(exposure), ...cure(exposure, plan), ...unseen];
}

function whereItIs({ commits, remotes, branches, tags, stashed }: Exposure): string {
  const ids = [...new Set(commits.map(({ id }) => id.slice(0, 10)))];
  const places = [
    ...(ids.length === 0 ? [] : [`commit ${some(ids)}`]),
    ...(branches.length === 0 ? [] : [`branch ${some(branches)}`]),
    ...(tags.length === 0 ? [] : [`tag ${some(tags)}`]),
    ...(stashed ? ["the stash"] : []),
    ...(remotes.length === 0 ? [] : [`${some(remotes)} (as of the last fetch)`]),
  ];
  return `history has it already: ${places.join(", ")}`;
}

function cure({ remotes }: Exposure, { moved }: Plan): string[] {
  const pages = moved
    .toSorted((a, b) => rank(a) - rank(b))
    .map(({ name, revokeUrl }) => `${name}${revokeUrl === null ? "" : ` (${revokeUrl})`}`);
  const order = pages.length > 1 ? ", in this order" : "";
  return remotes.length === 0
    ? [
        `it was not pushed as far as this clone knows; if it was ever shared, revoke it${order}: ${pages.join(", ")}`,
      ]
    : [
        `it was pushed, so moving it does not help: make a new one, use that, and revoke the old one${order}: ${pages.join(", ")}`,
      ];
}

function some(names: readonly string[]): string {
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : "";
  return `${names.slice(0, SHOWN).join(", ")}${more}`;
}
