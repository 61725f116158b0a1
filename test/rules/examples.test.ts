import { beforeAll, describe, expect, it } from "vitest";
import { createDetector } from "../../src/detect/index.ts";
import type { Detector } from "../../src/detect/index.ts";
import { EXAMPLES } from "../../src/rules/examples.ts";
import type { Sample } from "../../src/rules/examples.ts";
import { Generator } from "../../src/rules/example-generator.ts";
import { RULES } from "../../src/rules/index.ts";

let detector: Detector;

beforeAll(async () => {
  detector = await createDetector(RULES, "v8");
});

interface Outcome {
  readonly text: string;
  readonly found: readonly string[];
}

/** What the real engine, with all rules, finds for one of them in each of the samples. */
function outcomes(rule: string, samples: readonly Sample[]): Outcome[] {
  return samples.map(({ text, path = "config.txt" }) => {
    const bytes = Buffer.from(text);
    const matches = detector.detect({ path, container: [], bytes, encoding: "utf-8", included: null });
    const own = matches.filter((match) => match.rule.id === rule);
    return { text, found: own.map((match) => bytes.toString("utf8", match.start, match.end)) };
  });
}

describe.each(RULES.map((rule) => rule.id))("%s", (id) => {
  const examples = EXAMPLES.get(id);

  it.each([1, 2, 3])("finds exactly the secret in each of its examples (seed %i)", (seed) => {
    const samples = examples?.match(new Generator(seed)) ?? [];
    expect(samples.length).toBeGreaterThan(0);
    expect(outcomes(id, samples)).toEqual(samples.map(({ text, secret }) => ({ text, found: [secret] })));
  });

  it.each([1, 2, 3])("leaves its near misses and fillers alone (seed %i)", (seed) => {
    const samples = examples?.ignore(new Generator(seed)) ?? [];
    expect(samples.length).toBeGreaterThan(0);
    expect(outcomes(id, samples)).toEqual(samples.map(({ text }) => ({ text, found: [] })));
  });
});
