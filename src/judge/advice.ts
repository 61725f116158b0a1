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
}

/** What to do about a finding, one line each, the nearest step first. */
export function adviceFor(rule: AnyRule, { path, field, included }: Place, scope: ScopeKind): string[] {
  if (rule.id.startsWith("file/")) return [keepOut(path, scope, included), ...rule.remedy.advice];
  const steps: string[] = [];
  if (isDotenv(path)) steps.push(keepOut(path, scope, included));
  else if (rule.remedy.envName === null)
    steps.push("move it out of the file, to a place that is neither committed nor published");
  else {
    const generic = rule.id.startsWith("generic");
    const name = generic ? nameOf(field) : rule.remedy.envName;
    const form =
      FORMS.find(([pattern]) => pattern.test(path))?.[1](name) ??
      `take it from the environment variable ${name}`;
    steps.push(`${form}, and keep the value in an ignored .env.local or your keychain`);
  }
  if (rule.remedy.revokeUrl !== null)
    steps.push(`if it ever left this machine, revoke it: ${rule.remedy.revokeUrl}`);
  if (scope === "artifact")
    steps.push(
      "if this artifact is published already, unpublishing is no fix: revoke the secret and issue a new one",
    );
  return [...steps, ...rule.remedy.advice];
}
