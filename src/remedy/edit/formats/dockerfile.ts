import { locateDockerfile } from "../../../formats/dockerfile.ts";
import type { DockerInstruction, LocatedDockerfile } from "../../../formats/dockerfile.ts";
import type { Editor, EditRequest, EditResult, Place } from "../../../model/edit.ts";
import type { Refused } from "../literal.ts";
import { Draft, refuseAll } from "./draft.ts";
import { withEdits } from "./unchanged.ts";
import { refuse } from "./verdict.ts";

/** Dockerfile syntax that mounts a secret as a variable: https://docs.docker.com/reference/dockerfile/#run---mounttypesecret */
const SINCE = 10;

/**
 * A Dockerfile: a command of the build gets the value by a secret mount, one of the container from its environment.
 *
 * @param shell editor for the commands
 */
export function dockerfileEditor(shell: Editor): Editor {
  return {
    name: "a Dockerfile",
    edit: (request) => editDockerfile(request, shell),
    problems: (text) => locateDockerfile(text).problems,
  };
}

function editDockerfile(request: EditRequest, shell: Editor): EditResult {
  const { text, places } = request;
  const file = locateDockerfile(text);
  const draft = new Draft();
  const groups = new Map<DockerInstruction, Place[]>();
  for (const place of places) {
    const found = file.instructions.find(({ start, end }) => start <= place.start && place.end <= end);
    const isComment = file.comments.some(({ start, end }) => start <= place.start && place.end <= end);
    const refused = isComment ? undefined : found;
    if (refused === undefined)
      draft.refuse([place], refuse("it stands in a comment", `delete it there; it is kept as ${place.name}`));
    else groups.set(refused, [...(groups.get(refused) ?? []), place]);
  }
  for (const [instruction, group] of groups)
    editInstruction(request, file, instruction, { group, shell, draft });
  const result = draft.result();
  return isSound(text, file, result)
    ? result
    : refuseAll(places, refuse("the change would break the file", "make it by hand"));
}

function editInstruction(
  { text, path, project }: EditRequest,
  file: LocatedDockerfile,
  instruction: DockerInstruction,
  { group, shell, draft }: { group: readonly Place[]; shell: Editor; draft: Draft },
): void {
  const { body, keyword, afterKeyword } = instruction;
  const isRun = keyword === "RUN";
  const inner = new Map<Place, Place>();
  for (const place of group) {
    const refused = refusal(text, file, instruction, place);
    const from = body?.start ?? place.start;
    if (refused !== null) draft.refuse([place], refused);
    else inner.set({ name: place.name, start: place.start - from, end: place.end - from }, place);
  }
  if (body === null || inner.size === 0) return;
  const result = shell.edit({
    path,
    text: text.slice(body.start, body.end),
    places: [...inner.keys()],
    project,
  });
  for (const { place, why, instead } of result.refused) {
    draft.refuse([inner.get(place) ?? place], { why, instead });
    inner.delete(place);
  }
  draft.edit(
    ...result.edits.map((edit) => ({
      start: edit.start + body.start,
      end: edit.end + body.start,
      text: edit.text,
    })),
  );
  const names = [...new Set([...inner.values()].map(({ name }) => name))];
  const flags = new Set(text.slice(afterKeyword, body.start).split(/\s+/));
  const mounts = names.map((name) => `--mount=type=secret,id=${name},env=${name}`);
  const missing = isRun ? mounts.filter((mount) => !flags.has(mount)) : [];
  if (missing.length > 0)
    draft.edit({
      start: afterKeyword,
      end: afterKeyword,
      text: missing.map((mount) => ` ${mount}`).join(""),
    });
  for (const name of names)
    draft.noteFor(name, (all) => {
      const secrets = all.map((each) => `--secret id=${each},env=${each}`).join(" ");
      const variables = all.map((each) => `--env ${each}`).join(" ");
      return isRun
        ? `build with: stowaway run -- docker build ${secrets} … (BuildKit, Dockerfile syntax 1.${SINCE} or later)`
        : `start the container with: stowaway run -- docker run ${variables} …`;
    });
}

function refusal(
  text: string,
  { syntax, escape, instructions }: LocatedDockerfile,
  { keyword, body, isArray, hasHeredoc, start }: DockerInstruction,
  { name, start: at }: Place,
): Refused | null {
  const mount = `RUN --mount=type=secret,id=${name},env=${name} …`;
  const atStart = `if the running container needs it, start it with: stowaway run -- docker run --env ${name} …`;
  if (keyword === "ENV" || keyword === "ARG")
    return refuse(
      `${keyword} writes the value into the image`,
      `delete it there; if only the build needs it, mount it: ${mount}`,
      atStart,
    );
  if (!/^(?:RUN|CMD|ENTRYPOINT|HEALTHCHECK)$/.test(keyword))
    return refuse(`${keyword} takes no secret`, `do it in a command of the build: ${mount}`);
  if (isArray || hasHeredoc || escape !== "\\" || body === null || at < body.start)
    return refuse(
      "no shell reads this form of the instruction as one command",
      keyword === "RUN"
        ? `write it as ${mount} with "$${name}" in its place`
        : `write it as one command, with "$${name}" in its place`,
    );
  const shell = instructions.findLast((each) => each.keyword === "SHELL" && each.start < start);
  if (shell !== undefined && !/\/(?:ba|da|a|z)?sh"/.test(text.slice(shell.start, shell.end)))
    return refuse(
      "the shell of this stage is not POSIX",
      `read ${name} in its own way; the build gets it by ${mount}`,
    );
  const [, minor] = /^docker\/dockerfile:1\.(\d+)/.exec(syntax ?? "") ?? [];
  return keyword === "RUN" && minor !== undefined && Number(minor) < SINCE
    ? refuse(
        `Dockerfile syntax 1.${minor} has no secrets as variables`,
        "write # syntax=docker/dockerfile:1 in the first line, and run stow again",
      )
    : null;
}

function isSound(text: string, { instructions }: LocatedDockerfile, { edits }: EditResult): boolean {
  const keywords = (list: readonly DockerInstruction[]): string => list.map(({ keyword }) => keyword).join();
  return keywords(locateDockerfile(withEdits(text, edits)).instructions) === keywords(instructions);
}
