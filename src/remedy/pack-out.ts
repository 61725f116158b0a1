import { lastRule } from "../formats/ignore-file.ts";
import { excludeFromFiles, excludeFromManifest, npmPattern } from "./pack-rules.ts";
import { inFolder, nameAsText } from "./plain-change.ts";
import type { PlainChange } from "./plain-change.ts";
import { BACKENDS, excludePackageData, owners } from "./python-out.ts";

/** A file that a package takes and should not. */
interface Published {
  /** The package's folder, relative to the top. */
  readonly folder: string;
  /** Relative to the package, as findings name it. */
  readonly path: string;
  /** The packer's reason. */
  readonly included: string | null;
}

/** What keeps a file out of a package. */
interface PackOut {
  readonly changes: readonly PlainChange[];
  /** What is left to a person, one sentence; null where nothing is. */
  readonly byHand: string | null;
}

type Read = (file: string) => string | null;

interface Step {
  readonly file: string;
  readonly bytes: boolean;
  readonly change: (text: string | null) => string | null;
  /** What a person would have to do instead. */
  readonly byHand: string;
}

/** Nothing is built before the next check of the package: that the list has effect is not known until then. */
const UNSEEN = ", which stowaway check-pack will show";

/**
 * The changes that keep a file out of a package.
 *
 * @param read text of a file, by its path relative to the top; null where there is none
 */
export function packOut({ folder, path, included }: Published, read: Read): PackOut {
  const shown = inFolder(folder, path);
  const name = nameAsText(path);
  if (name === null)
    return {
      changes: [],
      byHand: `${shown}: no list of files can hold this name, so rename it or move it out of the package`,
    };
  const steps = stepsFor(name, included, (file) => read(inFolder(folder, file)));
  const made = steps.map((step) => ({ step, change: changeOf(step, { folder, path, included }) }));
  const useful = made.filter(({ step, change }) => wouldChange(step, read(change.path)));
  const missing = made.filter((each) => !useful.includes(each)).map(({ step }) => step.byHand);
  const first =
    steps.length === 0 ? `no list is known that keeps it out (${included ?? "unknown"})` : missing[0];
  return {
    changes: useful.map(({ change }) => change),
    byHand: first === undefined ? null : `${shown} is taken into the package: ${first}`,
  };
}

function changeOf({ file, bytes, change }: Step, { folder, path, included }: Published): PlainChange {
  const target = inFolder(folder, file);
  const isSeen = included !== null && NPM.test(included);
  return {
    path: target,
    change,
    ...(bytes && { bytes: true as const }),
    says: `${target} tells the packer to leave ${path} out${isSeen ? "" : UNSEEN}`,
  };
}

/** A list that says so already, and is not followed, is for a person to look at. */
function wouldChange({ bytes, change }: Step, text: string | null): boolean {
  return change(text === null || !bytes ? text : Buffer.from(text).toString("latin1")) !== null;
}

const NPM = /^(?:files\[|"files"|no "files"|\.npmignore)/;

/** By what lets a file into a package (the packers' reasons), what keeps it out. */
function stepsFor(name: string, included: string | null, read: Read): Step[] {
  if (included === null) return [];
  if (/^(?:files\[|"files")/.test(included))
    return [
      {
        file: "package.json",
        bytes: false,
        change: (text) => excludeFromFiles(text, name),
        byHand: 'put it behind a "!" at the end of "files" in package.json',
      },
    ];
  if (/\.npmignore switches|not named in \.npmignore/.test(included)) return [ignoreStep(".npmignore", name)];
  // Never a new .npmignore: it would switch the .gitignore off, and publish what that keeps out.
  if (included.startsWith('no "files"')) return [ignoreStep(".gitignore", name)];
  if (/^(?:MANIFEST\.in|setuptools)/.test(included)) return setuptoolsSteps(name, read);
  const backend = BACKENDS.find((each) => included.startsWith(`${each.name} takes`));
  if (backend === undefined) return [];
  const { exclude, byHand } = backend;
  const change = (text: string | null): string | null =>
    text === null || exclude === null ? null : exclude(text, name);
  return [{ file: "pyproject.toml", bytes: false, change, byHand }];
}

function ignoreStep(file: string, name: string): Step {
  const rule = `/${inBytes(npmPattern(name))}`;
  return {
    file,
    bytes: true,
    change: (text) => lastRule(text, rule),
    byHand: `${file} names it already; look for a rule that takes it back in`,
  };
}

function inBytes(text: string): string {
  return Buffer.from(text).toString("latin1");
}

function setuptoolsSteps(name: string, read: Read): Step[] {
  const manifest: Step = {
    file: "MANIFEST.in",
    bytes: true,
    change: (text) => excludeFromManifest(text, "exclude", inBytes(name)),
    byHand:
      "MANIFEST.in excludes it already; look at package_data and data_files in the settings of setuptools",
  };
  const pyproject = read("pyproject.toml");
  if (owners(pyproject ?? "", name).length === 0) return [manifest];
  const data: Step = {
    file: "pyproject.toml",
    bytes: false,
    change: (text) => (text === null ? null : excludePackageData(text, name)),
    byHand: "see that package_data of setuptools does not take it into the wheel (exclude_package_data)",
  };
  return [manifest, data];
}
