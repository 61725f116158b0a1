import { IncompleteError } from "../model/errors.ts";
import { parsePrefilter, type Prefilter } from "./prefilter.ts";

/**
 * A prefilter that is read at its first use, so that a failure ends in the scan that needs it, and not in the loading
 * of the program, where nobody catches it.
 *
 * @param read gives what `printPrefilter` printed
 * @returns throws IncompleteError at its first use where that cannot be read
 */
export function lazyPrefilter(read: () => string): Prefilter {
  let known: Prefilter | null = null;
  const table = (): Prefilter => {
    try {
      return (known ??= parsePrefilter(read()));
    } catch (cause) {
      throw new IncompleteError(
        "own-file",
        "its own table of rules cannot be read, so nothing was checked; install stowaway again",
        { cause },
      );
    }
  };
  return {
    get automaton() {
      return table().automaton;
    },
    get rulesOf() {
      return table().rulesOf;
    },
    get before() {
      return table().before;
    },
    get after() {
      return table().after;
    },
    screen: (rule) => table().screen(rule),
  };
}
