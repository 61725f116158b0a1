import { escapePattern, lastRule } from "../formats/ignore-file.ts";
import { git } from "../host/plumbing.ts";
import type { GitPlace } from "../host/plumbing.ts";
import { excludeFromFiles, excludeFromManifest, filesTake, npmPattern } from "./pack-rules.ts";
import { inFolder, nameInList } from "./plain-change.ts";
import type { PlainChange } from "./plain-change.ts";

type Read = (file: string) => string | null;

/**
 * What keeps a new file, one that git ignores, out of the packages made of the folders above it: for npm where
 * `.npmignore` or a wide "files" switches `.gitignore` off, for setuptools where MANIFEST.in grafts everything, for docker
 * by the ignore files of every folder that an image may be built from. Whether it is enough is for the store to prove.
 *
 * @param place git at the top
 * @param file relative to the top
 * @param read text of a file, by its path relative to the top; null where there is none
 * @throws KnownError (1) for a name that no list can hold
 */
export function keepFileOut(place: GitPlace, file: string, read: Read): PlainChange[] {
  nameInList(file);
  const parts = file.split("/");
  const folders = parts.map((_, depth) => parts.slice(0, depth).join("/"));
  const builds = dockerfiles(place);
  return folders.flatMap((folder) => {
    const name = folder === "" ? file : file.slice(folder.length + 1);
    const here: Read = (each) => read(inFolder(folder, each));
    return [...npmChanges(folder, name, here), ...pythonChanges(folder, name, here)].concat(
      dockerChanges(folder, name, here, builds),
    );
  });
}

function changeIn(
  folder: string,
  file: string,
  name: string,
  change: (text: string | null) => string | null,
): PlainChange {
  const path = inFolder(folder, file);
  return { path, change, says: `${path} leaves ${name} out` };
}

function npmChanges(folder: string, name: string, read: Read): PlainChange[] {
  const manifest = read("package.json");
  const ignore = (file: string): PlainChange => {
    const rule = `/${inBytes(npmPattern(name))}`;
    return { ...changeIn(folder, file, name, (text) => lastRule(text, rule)), bytes: true };
  };
  // A member's package does not see the ignore file at the top.
  const own =
    read(".npmignore") !== null ? ".npmignore" : folder !== "" && manifest !== null ? ".gitignore" : null;
  return [
    ...(own === null ? [] : [ignore(own)]),
    ...(manifest !== null && filesTake(manifest, name)
      ? [changeIn(folder, "package.json", name, (text) => excludeFromFiles(text, name))]
      : []),
  ];
}

/** Commands that may take in a file nobody has named. */
const GRAFTS = /^\s*(?:graft\s|global-include\s|recursive-include\s|include\s+.*[*.]env)/m;

function pythonChanges(folder: string, name: string, read: Read): PlainChange[] {
  if (!GRAFTS.test(read("MANIFEST.in") ?? "")) return [];
  const base = inBytes(baseOf(name));
  const exclude = (text: string | null): string | null => excludeFromManifest(text, "global-exclude", base);
  return [{ ...changeIn(folder, "MANIFEST.in", name, exclude), bytes: true }];
}

/** `docker build` reads `.dockerignore` of the context, or a file beside the Dockerfile that is named after it. */
function dockerChanges(folder: string, name: string, read: Read, builds: readonly string[]): PlainChange[] {
  const rule = `**/${inBytes(escapePattern(baseOf(name)))}`;
  const ignore = (file: string): PlainChange => ({
    ...changeIn(folder, file, name, (text) => lastRule(text, rule)),
    bytes: true,
  });
  const start = folder === "" ? "" : `${folder}/`;
  const here = builds.filter((build) => build.startsWith(start)).map((build) => build.slice(start.length));
  // The context is the Dockerfile's folder, or one above: most often the top.
  const isContext = here.some((build) => folder === "" || !build.includes("/"));
  const named = here.map((build) => `${build}.dockerignore`).filter((each) => read(each) !== null);
  const common = isContext || read(".dockerignore") !== null ? [".dockerignore"] : [];
  return [...common, ...(folder === "" ? named : [])].map(ignore);
}

const DOCKERFILE = /(?:^|\/)(?:(?:Docker|Container)file(?:\.[^/]+)?|[^/]+\.(?:docker|container)file)$/i;

/** Dockerfiles of the work tree, also those that nobody has added yet. */
function dockerfiles(place: GitPlace): string[] {
  return git(place, ["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
    .toString()
    .split("\0")
    .filter((path) => DOCKERFILE.test(path) && !path.endsWith(".dockerignore"));
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function inBytes(text: string): string {
  return Buffer.from(text).toString("latin1");
}
