/** A place in a text that holds a value to be moved: UTF-16 offsets, the end exclusive. */
export interface Place {
  readonly start: number;
  readonly end: number;
  /** Variable that will hold the value. */
  readonly name: string;
}

/** What an editor may know besides the text. */
export interface Surroundings {
  /** Text of a file of the work tree, by its path relative to the top; null where there is none that can be read. */
  read(path: string): string | null;
  /** Absolute folder of the work tree's top. */
  readonly top: string;
  /**
   * Command line by which a tool outside of the project may call us for a value: absolute program and first arguments.
   * Null where we run from a project's own node_modules, which no tool may be pointed to.
   */
  readonly helper: readonly string[] | null;
}

export interface EditRequest {
  /** Relative to the top of the work tree, `/` between parts. */
  readonly path: string;
  /** Decoded, without a byte order mark, line ends as they are. */
  readonly text: string;
  /** Ascending, without overlap; several may stand in one literal. */
  readonly places: readonly Place[];
  readonly project: Surroundings;
}

/** Replaces the text from `start` up to `end`. Equal for an insertion. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A place that cannot be rewritten safely, with what the user can do about it. */
export interface Refusal {
  readonly place: Place;
  /** One clause: `a const needs a value that is known at compile time`. */
  readonly why: string;
  /** What to do instead, one sentence each, precise enough to be followed. */
  readonly instead: readonly string[];
}

export interface EditResult {
  /** Without overlap; together they take out every place that is not refused. */
  readonly edits: readonly TextEdit[];
  readonly refused: readonly Refusal[];
  /** Sentences about what has to be done besides (`gh secret set NAME` …). */
  readonly notes: readonly string[];
  /** Further variables that must hold a name's value, because the file's reader asks for them (`TF_VAR_x`). */
  readonly aliases: Readonly<Record<string, readonly string[]>>;
}

/** Rewrites one language or format. Pure: it locates by a parser, and gives splices; nothing is printed anew. */
export interface Editor {
  /** For people: `Python`, `package.json`. */
  readonly name: string;
  edit(request: EditRequest): EditResult;
  /** Number of syntax errors; an edit may not add to it. */
  problems(text: string): number;
}

/** An editor by the files it is for; loaded when there is one. The first that matches is taken. */
export interface EditorEntry {
  matches(path: string): boolean;
  load(): Promise<Editor>;
}
