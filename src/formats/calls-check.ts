/**
 * Where a command may begin: at the start, after `&&`, `;`, `&` and one `|`, in parentheses; never in quotes or in
 * a comment, and not after `||`, where it runs only if something failed.
 */
const BEFORE = String.raw`^(?:(?!(?<=^|[\s;&|(])#)[^"'\\]|"(?:[^"\\]|\\[^])*"|'[^']*'|\\[^])*?(?<=^|(?<!\\)[;&\n]|(?<!\\|\|\|\s*)\(|(?<![|\\])\|)\s*`;
/** Words that start the command that follows them, their options, and variables set for it. */
const STARTERS = String.raw`(?:(?:[A-Za-z_]\w*=[^\s;&|()"']*|npx|pnpx|bunx|npm|pnpm|yarn|bun|exec|x|dlx|node|env|cross-env|command|time|--?[\w=:./@-]*)\s+)*`;
/** `check-pack`, by its name, by a path, as the built file, or as a command of stowaway. */
const COMMAND = String.raw`(?:["']?(?:[^\s"';&|()]*[\\/])?(?:stowaway(?:@[\w.^~-]+|\.cmd)?|bin\.cjs)["']?\s+|["']?(?:[^\s"';&|()]*[\\/])?)check-pack(?:\.c?js|\.cmd)?["']?(?=[\s;&|)]|$)`;
/** What may follow so that a failure still fails the script: arguments, `&&` and what it starts, closing parentheses. */
const AFTER = String.raw`(?:[^;&|()"'\\\n]|"(?:[^"\\]|\\[^])*"|'[^']*'|\\[^]|&&|>&|\([^()]*\)|\))*$`;

/** Matches a script of package.json that runs check-pack, whatever becomes of its answer. */
export const CALLS_CHECK = new RegExp(BEFORE + STARTERS + COMMAND);
/** Matches a script of package.json that fails when check-pack does: this, and only this, is wired. */
export const FAILS_WITH_CHECK = new RegExp(BEFORE + STARTERS + COMMAND + AFTER);
