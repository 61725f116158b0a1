import type { Rule } from "../model/rule.ts";

/** One match on a slice; offsets are bytes of the slice. */
export interface Hit {
  readonly start: number;
  readonly end: number;
  readonly secretStart: number;
  readonly secretEnd: number;
}

/** A slice of a document in the form that the engine reads fastest. */
export type Subject = string | Buffer;

/** Runs rules' patterns. Both engines answer alike on bytes: patterns have positive ASCII classes only (`model/rule.ts`). */
export interface RegexEngine {
  readonly name: "re2" | "v8";
  subject(bytes: Buffer, from: number, to: number): Subject;
  /** First match at or behind `from`; null where there is none. */
  exec(rule: Pick<Rule, "pattern" | "secretGroup">, subject: Subject, from: number): Hit | null;
}

interface Compiled {
  lastIndex: number;
  exec(subject: never): { indices?: readonly (readonly [number, number] | undefined)[] } | null;
}

function makeEngine(
  name: RegexEngine["name"],
  compile: (source: string) => Compiled,
  subject: RegexEngine["subject"],
): RegexEngine {
  const compiled = new Map<string, Compiled>();
  return {
    name,
    subject,
    exec(rule, text, from) {
      let regex = compiled.get(rule.pattern);
      if (regex === undefined) compiled.set(rule.pattern, (regex = compile(rule.pattern)));
      regex.lastIndex = from;
      const indices = regex.exec(text as never)?.indices;
      const whole = indices?.[0];
      if (whole === undefined) return null;
      const [secretStart, secretEnd] = indices?.[rule.secretGroup] ?? whole;
      return { start: whole[0], end: whole[1], secretStart, secretEnd };
    },
  };
}

function v8(): RegexEngine {
  return makeEngine(
    "v8",
    (source) => new RegExp(source, "dg"),
    // One byte is one character, so that offsets are bytes.
    (bytes, from, to) => bytes.toString("latin1", from, to),
  );
}

/** Answers of `import("re2")` that mean «not there»: not installed, not built, built for another Node. */
const ABSENT = new Set(["MODULE_NOT_FOUND", "ERR_MODULE_NOT_FOUND", "ERR_DLOPEN_FAILED"]);

/**
 * The engine to use: RE2, linear whatever the text, where its binary loads; else V8, which is safe on the bounded
 * windows and bounded patterns of the built-in rules.
 *
 * @param wanted `v8` in the hook (loading RE2 costs more than a commit's regexes); `re2` fails where it is absent
 */
export async function regexEngine(wanted: "re2" | "v8" | "best"): Promise<RegexEngine> {
  if (wanted === "v8") return v8();
  try {
    const { default: RE2 } = await import("re2");
    return makeEngine(
      "re2",
      (source) => new RE2(source, "dg"),
      (bytes, from, to) => bytes.subarray(from, to),
    );
  } catch (error) {
    if (wanted === "re2" || !(error instanceof Error && "code" in error && ABSENT.has(String(error.code))))
      throw error;
    return v8();
  }
}
