import { allText, documentsOf } from "./content/documents.ts";
import { asBuffer } from "./model/bytes.ts";
import { decode } from "./content/charset.ts";
import { makeDetector, sift } from "./detect/index.ts";
import type { Detector } from "./detect/index.ts";
import { findWindows, type Windows } from "./detect/prefilter.ts";
import { regexEngine } from "./detect/regex.ts";
import type { RegexEngine } from "./detect/regex.ts";
import { PREFILTER } from "./detect/table.ts";
import { looksLikeArchive } from "./formats/archive/sniff.ts";
import type { Document } from "./model/document.ts";
import { UsageError } from "./model/errors.ts";
import type { Finding, Report, Scope } from "./model/finding.ts";
import type { Item, ScanError, Skipped, SourceEvent } from "./model/item.ts";
import { LineMap } from "./model/line-map.ts";
import type { Match } from "./model/match.ts";
import type { FileRule } from "./model/rule.ts";
import type { Settings } from "./model/settings.ts";
import { isHarmlessName } from "./rules/harmless.ts";

/** What a scan needs besides its input. */
export interface ScanOptions {
  readonly scope: Scope;
  readonly settings: Settings;
  /** `v8` in the hook, where loading RE2 costs more than it saves. */
  readonly engine?: "re2" | "v8" | "best";
  /** Milliseconds of the clock that started with the run. */
  readonly now: () => number;
  /** Whether a path is left out by `ignorePaths`. */
  readonly ignores?: (path: string) => boolean;
  /** Sentences that the source has for the reader once it is through. */
  readonly notes?: () => readonly string[];
  readonly onProgress?: (files: number, path: string) => void;
}

function textOf({ bytes }: Document, { start, end }: Match): string {
  return asBuffer(bytes).toString("utf8", start, end);
}

/** A field's name, unless it is or holds a secret itself: `{ "TOKEN": "its owner" }`. */
function safe(field: string | null, values: readonly string[]): string | null {
  return field !== null && values.some((value) => value.length <= field.length && field.includes(value))
    ? null
    : field;
}

class Scan {
  readonly #options: ScanOptions;
  readonly #findings: Finding[] = [];
  readonly #errors: (ScanError & { id: string })[] = [];
  readonly #skipped: (Skipped & { id: string })[] = [];
  #engine: RegexEngine | null = null;
  #detector: Detector | null = null;
  #files = 0;
  #bytes = 0;

  constructor(options: ScanOptions) {
    this.#options = options;
  }

  async #detect(document: Document, windows: Windows): Promise<Match[]> {
    if (windows.size === 0) return [];
    this.#engine ??= await regexEngine(this.#options.engine ?? "best");
    try {
      const live = this.#detector === null ? sift(this.#engine, PREFILTER, document, windows) : windows;
      if (live.size === 0) return [];
      this.#detector ??= makeDetector(this.#engine, (await import("./rules/index.ts")).RULES, PREFILTER);
      return this.#detector.detect(document, live);
    } catch (error) {
      // V8 says so where a text makes its regexes recurse too deep; it speaks of this file alone.
      if (!(error instanceof RangeError)) throw error;
      const { path, container } = document;
      const message = "its text is too involved for the pattern engine";
      const hint = "install re2 (npm install --save-dev re2), or name the file in ignorePaths";
      await this.#event({
        kind: "error",
        path,
        container,
        code: "too-involved",
        message,
        hint,
        digest: null,
      });
      return [];
    }
  }

  /**
   * Which lines no parent has, null where all are new; the parents are read only now that there is something to judge.
   */
  async #newness(item: Item, lines: LineMap): Promise<ReadonlySet<number> | null> {
    const parents = (await item.previous?.()) ?? [];
    if (parents.length === 0) return null;
    const { newInAll } = await import("./judge/new-lines.ts");
    return newInAll(
      lines,
      parents.map((bytes) => new LineMap(allText(bytes))),
    );
  }

  async #content(item: Item): Promise<boolean> {
    let held = false;
    /** What an earlier text of the same file has shown: a binary's 16-bit texts may repeat its plain ones. */
    const shown = new Set<string>();
    for (const document of documentsOf(item, item.bytes)) {
      const found = await this.#detect(document, findWindows(PREFILTER, document.bytes));
      if (found.length > 0 && (await this.#judge(item, document, found, shown))) held = true;
    }
    return held;
  }

  /** @returns whether anything new was found */
  async #judge(
    item: Item,
    document: Document,
    found: readonly Match[],
    shown: Set<string>,
  ): Promise<boolean> {
    const [{ judgeMatches }, { isNew }, { withoutOverlaps }, { fieldsOf }] = await Promise.all([
      import("./judge/index.ts"),
      import("./judge/new-lines.ts"),
      import("./judge/overlap.ts"),
      import("./content/fields.ts"),
    ]);
    const { disable, strict } = this.#options.settings;
    const lines = new LineMap(document.bytes);
    const added = await this.#newness(item, lines);
    const values = new Map(found.map((match) => [match, textOf(document, match)]));
    const keyOf = (match: Match): string => `${match.rule.id} ${values.get(match)}`;
    const kept = withoutOverlaps(found.filter((match) => !disable.includes(match.rule.id))).filter(
      (match) => isNew(match, lines, added) && !shown.has(keyOf(match)),
    );
    for (const key of kept.map(keyOf)) shown.add(key);
    const starts = kept.map((match) => match.start);
    const fields = await fieldsOf(document, lines, starts);
    const texts = [...values.values()];
    const candidates = kept.map((match, index) => ({
      match,
      field: safe(fields[index] ?? null, texts),
    }));
    const policy = { scope: this.#options.scope.kind, strict };
    for (const finding of await judgeMatches(document, lines, candidates, found, policy))
      this.#findings.push(finding);
    return kept.length > 0;
  }

  async #name(item: Item, rule: FileRule, held: boolean): Promise<void> {
    const { judgeName } = await import("./judge/index.ts");
    const { bytes } = decode(item.bytes);
    const lines = new LineMap(bytes);
    const added = await this.#newness(item, lines);
    const text =
      added === null ? bytes.toString("latin1") : [...added].map((line) => lines.text(line)).join("\n");
    const finding = judgeName(rule, item, text, held, this.#options.scope.kind);
    if (finding !== null) this.#findings.push(finding);
  }

  async #item(item: Item): Promise<void> {
    this.#files += 1;
    this.#bytes += item.bytes.length;
    this.#options.onProgress?.(this.#files, item.path);
    const held = await this.#content(item);
    if (item.named === false || isHarmlessName(item.path)) return;
    const { FILE_RULES } = await import("./rules/files.ts");
    const path = item.path.toLowerCase();
    for (const rule of FILE_RULES)
      if (rule.matches(path) && !this.#options.settings.disable.includes(rule.id))
        await this.#name(item, rule, held);
  }

  /**
   * Whether `ignorePaths` names it: a file of the repository, or of a package that is checked. A package as a whole is
   * what was asked for, and never ignored.
   */
  #isIgnored(item: Item | ScanError): boolean {
    const ofPackage = this.#options.scope.kind === "pack" || this.#options.scope.kind === "artifact";
    return item.container.length === (ofPackage ? 1 : 0) && this.#options.ignores?.(item.path) === true;
  }

  async #ignore({ path, container }: Item | ScanError): Promise<void> {
    await this.#event({ kind: "skipped", path, container, reason: "ignorePaths", digest: null });
  }

  async #event(event: SourceEvent): Promise<void> {
    if (event.kind === "skipped" || (event.kind === "error" && !this.#isIgnored(event))) {
      const { eventId } = await import("./judge/fingerprint.ts");
      const place = [...event.container, event.path];
      if (event.kind === "error")
        this.#errors.push({ ...event, id: eventId(event.code, place, event.digest) });
      else this.#skipped.push({ ...event, id: eventId(event.reason, place, event.digest) });
      return;
    }
    if (event.kind === "error" || this.#isIgnored(event)) return await this.#ignore(event);
    if (!looksLikeArchive(event.path, event.bytes)) return await this.#item(event);
    const { expand } = await import("./content/expand.ts");
    for await (const inner of expand(event, this.#options.settings.limits)) {
      if (inner.kind === "item" && this.#isIgnored(inner)) await this.#ignore(inner);
      else if (inner.kind === "item") await this.#item(inner);
      else await this.#event(inner);
    }
  }

  /** A rule that is switched off by a name that does not exist would stay on in silence. */
  async #checkDisabled(): Promise<void> {
    const { disable } = this.#options.settings;
    if (disable.length === 0) return;
    const [{ RULES, FILE_RULES }, { nearest }] = await Promise.all([
      import("./rules/index.ts"),
      import("./host/nearest.ts"),
    ]);
    const known = [...RULES, ...FILE_RULES].map((rule) => rule.id);
    const unknown = disable.find((id) => !known.includes(id));
    if (unknown === undefined) return;
    const near = nearest(unknown, known);
    throw new UsageError(
      "unknown-rule",
      `"disable" names ${JSON.stringify(unknown)}, and there is no such rule`,
      {
        hint: near === null ? "Run stowaway rules to see every rule." : `Did you mean ${near}?`,
      },
    );
  }

  async run(events: AsyncIterable<SourceEvent> | Iterable<SourceEvent>): Promise<Report> {
    const started = this.#options.now();
    await this.#checkDisabled();
    for await (const event of events) await this.#event(event);
    const { scope } = this.#options;
    const joined = scope.kind === "pack" && this.#findings.length > 1;
    const findings = joined
      ? (await import("./judge/same.ts")).joinContainers(this.#findings)
      : this.#findings;
    return {
      scope,
      files: this.#files,
      bytes: this.#bytes,
      milliseconds: Math.round(this.#options.now() - started),
      findings,
      skipped: this.#skipped,
      errors: this.#errors,
      notes: this.#options.notes?.() ?? [],
    };
  }
}

/**
 * Reads everything a source yields and reports what counts: the one place that joins content, detect and judge.
 *
 * @param events items to scan, and what could not be read; consumed one by one, so memory holds one file at a time
 */
export async function scan(
  events: AsyncIterable<SourceEvent> | Iterable<SourceEvent>,
  options: ScanOptions,
): Promise<Report> {
  return await new Scan(options).run(events);
}
