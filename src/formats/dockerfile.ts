import { DockerfileParser } from "dockerfile-ast";

/** A range of UTF-16 offsets, the end exclusive. */
interface DockerRange {
  readonly start: number;
  readonly end: number;
}

export interface DockerInstruction extends DockerRange {
  /** In capitals: `RUN`. */
  readonly keyword: string;
  /** What follows the keyword and its flags; null where there is nothing. */
  readonly body: DockerRange | null;
  /** Offset behind the keyword. */
  readonly afterKeyword: number;
  /** Written as a JSON array, so that no shell reads it. */
  readonly isArray: boolean;
  readonly hasHeredoc: boolean;
}

export interface LocatedDockerfile {
  readonly instructions: readonly DockerInstruction[];
  readonly comments: readonly DockerRange[];
  /** Value of `# syntax=`; null where there is none. */
  readonly syntax: string | null;
  /** Backslash, or what `# escape=` names. */
  readonly escape: string;
  /** Number of instructions that there are none of. */
  readonly problems: number;
}

/** What only some of the library's instructions have. */
interface Special {
  getOpeningBracket?(): object | null;
  getHeredocs?(): readonly object[];
}

const KEYWORDS = new Set(
  "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR".split(
    " ",
  ),
);

/**
 * Finds the instructions of a Dockerfile (https://docs.docker.com/reference/dockerfile/).
 *
 * @param text without a byte order mark
 */
export function locateDockerfile(text: string): LocatedDockerfile {
  const lines = [0, ...[...text.matchAll(/\r\n|\r|\n/g)].map(({ index, 0: end }) => index + end.length)];
  const offset = ({ line, character }: { line: number; character: number }): number =>
    Math.min((lines[line] ?? text.length) + character, text.length);
  const parsed = DockerfileParser.parse(text);
  const instructions = parsed.getInstructions().map((instruction): DockerInstruction => {
    const range = instruction.getRange();
    const body = instruction.getArgumentsRange();
    const special = instruction as unknown as Special;
    return {
      keyword: instruction.getKeyword(),
      start: offset(range.start),
      end: offset(range.end),
      afterKeyword: offset(instruction.getInstructionRange().end),
      body: body === null ? null : { start: offset(body.start), end: offset(body.end) },
      isArray: (special.getOpeningBracket?.() ?? null) !== null,
      hasHeredoc: (special.getHeredocs?.() ?? []).length > 0,
    };
  });
  const comments = parsed.getComments().map((comment) => {
    const { start, end } = comment.getRange();
    return { start: offset(start), end: offset(end) };
  });
  const syntax = parsed.getDirectives().find((directive) => directive.getName().toLowerCase() === "syntax");
  return {
    instructions,
    comments,
    syntax: syntax?.getValue() ?? null,
    escape: parsed.getEscapeCharacter(),
    problems: instructions.filter(({ keyword }) => !KEYWORDS.has(keyword)).length,
  };
}
