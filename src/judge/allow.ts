/**
 * Comments by which people accept a finding on its own line: our own, with an optional rule and reason, and those of
 * the tools that people come from.
 */
const OWN = /\bstowaway:allow\b(?:[ \t]+(?!--)([a-z0-9/-]+))?/;
const OTHERS =
  /\b(?:gitleaks:allow|betterleaks:allow|trufflehog:ignore|kingfisher:ignore|ggignore|gitguardian:ignore|secretlint-disable-line|pragma: ?(?:allow|white)list secret)\b/;

/**
 * Whether a line's comment accepts a finding.
 *
 * @param line the text of the finding's first or last line
 * @param rule id of the finding's rule; `stowaway:allow OTHER-RULE` does not accept it
 */
export function isAllowed(line: string, rule: string): boolean {
  const own = OWN.exec(line);
  if (own !== null) return own[1] === undefined || own[1] === rule;
  return OTHERS.test(line);
}
