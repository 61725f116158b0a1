/** Source code and documents by their usual names, in folders by their usual names. */
const USUAL = /^(?:[\w-][\w.-]*\/)*[\w-][\w.-]*\.(?:[cm]?[jt]sx?|css|scss|html|md|py|go|rs|java|rb)$/;

/**
 * Whether no rule over file names can match: one small pattern, since nearly every path of a commit is of this kind and
 * the rules' own patterns take a hook a millisecond to make ready. A test holds it against every rule.
 */
export function isHarmlessName(path: string): boolean {
  return USUAL.test(path);
}
