import { keepOut } from "./keep-out.ts";
import type { ScopeKind } from "../model/finding.ts";
import type { AnyRule } from "../model/rule.ts";

/** How a kind of file takes a value from its environment. */
const FORMS: readonly (readonly [RegExp, (name: string) => string])[] = [
  [/\.[cm]?[jt]sx?$/, (name) => `write process.env.${name} in its place`],
  [/\.py[iw]?$/, (name) => `write os.environ["${name}"] in its place`],
  [/\.go$/, (name) => `write os.Getenv("${name}") in its place`],
  [/\.rb$/, (name) => `write ENV.fetch("${name}") in its place`],
  [/\.(?:java|kts?|scala)$/, (name) => `write System.getenv("${name}") in its place`],
  [/\.cs$/, (name) => `write Environment.GetEnvironmentVariable("${name}") in its place`],
  [/\.php$/, (name) => `write getenv('${name}') in its place`],
  [/\.rs$/, (name) => `write std::env::var("${name}") in its place`],
  [/(?:^|\/)package\.json$/, (name) => `write $${name} in the script and set ${name} in the environment`],
  [
    /(?:^|\/)(?:\.npmrc|\.yarnrc\.yml)$/,
    (name) => `write \${${name}} in its place and set ${name} in the environment`,
  ],
  [
    /(?:^|\/)\.github\/workflows\/[^/]+\.ya?ml$/,
    (name) => `write \${{ secrets.${name} }} in its place; \`gh secret set ${name}\` stores it`,
  ],
  [
    /(?:^|\/)(?:Dockerfile[^/]*|[^/]+\.dockerfile)$/i,
    (name) =>
      `pass it with \`RUN --mount=type=secret,id=${name.toLowerCase()}\`; ENV and ARG stay in the image`,
  ],
  [/\.(?:sh|bash|zsh)$/, (name) => `write "$${name}" in its place`],
  [/\.tf(?:vars)?$/, (name) => `declare a sensitive variable and set TF_VAR_${name.toLowerCase()}`],
];

/** Name of an environment variable made from the field a value stands in. */
function nameOf(field: string | null): string {
  const last = field?.split(/[.[\]]/).findLast((part) => /[A-Za-z]/.test(part)) ?? "";
  const name = last
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .toUpperCase();
  return /^[A-Z]/.test(name) ? name : "SECRET_VALUE";
}

const isDotenv = (path: string): boolean => /(?:^|\/)\.env(?:\.[^/]*)?$/.test(path);
/** What is known of the place a finding stands in. */
interface Place {
  readonly path: string;
  readonly field: string | null;
  /** Why the packer takes the file. */
  readonly included: string | null;
  /** Archives round the file, outermost first. */
  readonly container: readonly string[];
}

/** The file to keep out: of a package a file of it, elsewhere the outermost archive, which is what git or the disk has. */
function wholeFile({ path, container }: Place, scope: ScopeKind): string | null {
  if (scope === "artifact" || scope === "image") return null;
  return (scope === "pack" ? [...container.slice(1), path] : [...container, path])[0] ?? path;
}

/** Files that a build makes of others. */
const BUILT = /(?:^|\/)(?:dist|build|out|coverage|\.next|target)\/|\.min\.[cm]?js$|\.map$/;

/** What to do about a finding, one line each, the nearest step first. */
export function adviceFor(rule: AnyRule, place: Place, scope: ScopeKind): string[] {
  const steps = [firstStep(rule, place, scope)];
  if (rule.remedy.revokeUrl !== null)
    steps.push(`if it ever left this machine, revoke it: ${rule.remedy.revokeUrl}`);
  if (scope === "artifact")
    steps.push(
      "if this artifact is published already, unpublishing is no fix: revoke the secret and issue a new one",
    );
  return [...steps, ...rule.remedy.advice];
}

function firstStep(rule: AnyRule, place: Place, scope: ScopeKind): string {
  const { path, field, included } = place;
  const whole = wholeFile(place, scope);
  if (whole !== null && whole !== path) return keepOut(whole, scope, included);
  if (rule.id.startsWith("file/") || isDotenv(path)) return keepOut(path, scope, included);
  if (rule.remedy.envName === null)
    return "move it out of the file, to a place that is neither committed nor published";
  const name = rule.id.startsWith("generic") ? nameOf(field) : rule.remedy.envName;
  const form =
    FORMS.find(([pattern]) => pattern.test(path))?.[1](name) ??
    `take it from the environment variable ${name}`;
  const where = BUILT.test(path) ? "in the source that this file is built from, " : "";
  return `${where}${form}, and keep the value in an ignored .env.local or your keychain`;
}
