import { scalarValue, valuesBelow } from "./lookup.ts";
import { stepEnv } from "./step-env.ts";
import { byPath, expands, literally, refuse } from "./verdict.ts";
import type { Asked, Judge, Reader } from "./verdict.ts";

/** GitHub keeps names that begin so for itself: https://docs.github.com/en/actions/reference/security/secrets */
function githubSecret(name: string): string {
  return name.replace(/^GITHUB_/i, "GH_");
}

const githubForm = (name: string): string => `\${{ secrets.${githubSecret(name)} }}`;
const githubNotes = (name: string): readonly string[] => [
  `give the value to the repository: stowaway secrets get ${name} | gh secret set ${githubSecret(name)}`,
];
const githubExpands = expands({ form: githubForm, meant: /\$\{\{/, notes: githubNotes });

/** A step's shell, where it is not that of POSIX; null where it is. */
function otherShell({ scalar, scalars }: Asked): string | null {
  const job = scalar.path.slice(0, 2);
  const value = (path: readonly (string | number)[]): string | null =>
    scalarValue(scalars, path, scalar.document);
  const named =
    value([...scalar.path.slice(0, -1), "shell"]) ??
    value([...job, "defaults", "run", "shell"]) ??
    value(["defaults", "run", "shell"]);
  if (named !== null) return /^(?:bash|sh)\b/.test(named) ? null : named;
  const runners = [
    ...valuesBelow(scalars, [...job, "runs-on"], scalar.document),
    ...valuesBelow(scalars, [...job, "strategy"], scalar.document),
  ];
  return runners.some((runner) => /windows/i.test(runner)) ? "PowerShell, where it runs on Windows" : null;
}

const githubRun: Judge = (asked) => {
  const { name } = asked.place;
  const shell = otherShell(asked);
  if (shell !== null)
    return refuse(
      `the script's shell is ${shell}`,
      `add env: with ${name}: ${githubForm(name)} to the step`,
      `and read it in the shell's own way ($env:${name} in PowerShell)`,
    );
  const outer = [["env"], [...asked.scalar.path.slice(0, 2), "env"]];
  const supply = stepEnv(asked, { form: githubForm, outer });
  return { script: true, notes: githubNotes(name), opaque: /\$\{\{[^]{0,500}?\}\}/g, supply };
};

/** Where the context `secrets` can be read: https://docs.github.com/en/actions/reference/workflows-and-actions/contexts */
const github: Judge = byPath(
  [
    [/^jobs\.[^.]+\.steps\.\d+\.run$/, githubRun],
    [
      /^(?:jobs\.[^.]+\.)?env\.[^.]+$|^jobs\.[^.]+\.(?:steps\.\d+\.(?:env|with)|(?:container|services\.[^.]+)\.(?:env|credentials)|secrets)\.[^.]+$/,
      githubExpands,
    ],
  ],
  literally(
    "secrets cannot be read at this place of a workflow",
    ({ place: { name } }) => `pass ${githubForm(name)} to the step in its env or with`,
  ),
);

interface Service {
  readonly form: (name: string) => string;
  /** What the service replaces in a script before the shell sees it. */
  readonly opaque: RegExp;
  readonly note: (name: string, variable: string) => string;
}

/** A variable that the file sets for its jobs: the service sets it instead. */
function setByService({ form, note }: Service): Judge {
  return (asked) => {
    const { name } = asked.place;
    const key = String(asked.scalar.path.at(-1));
    if (asked.whole) return { drop: null, notes: [note(name, key)] };
    if (key === name)
      return refuse(
        "only a part of the variable is secret, and it has the secret's own name",
        note(name, key),
        "then delete the entry",
      );
    return { write: form(name), notes: [note(name, name)] };
  };
}

function scripted({ note, opaque }: Service): Judge {
  return ({ place: { name } }) => ({ script: true, opaque, notes: [note(name, name)] });
}

function elsewhere({ form, note }: Service): Judge {
  return literally(
    "the service expands no variables at this place",
    ({ place: { name } }) => `move what needs it to a script, and read ${form(name)} there`,
    ({ place: { name } }) => note(name, name),
  );
}

const GITLAB: Service = {
  form: (name) => `\${${name}}`,
  opaque: /\$\[\[[^]{0,500}?\]\]/g,
  note: (name, variable) =>
    `give the value to the project: stowaway secrets get ${name} | glab variable set ${variable} --masked`,
};
const CIRCLE: Service = {
  form: (name) => `$${name}`,
  opaque: /<<[^<>]{0,500}>>|\{\{[^]{0,500}?\}\}/g,
  note: (name, variable) =>
    `add ${variable} under Project Settings, Environment Variables; stowaway secrets get ${name} gives the value`,
};
const BITBUCKET: Service = {
  form: (name) => `$${name}`,
  opaque: /(?!)/g,
  note: (name, variable) =>
    `add ${variable} under Repository settings, Repository variables, as secured; stowaway secrets get ${name} gives the value`,
};
const AZURE: Service = {
  form: (name) => `$(${name})`,
  opaque: /\$\{\{[^]{0,500}?\}\}/g,
  note: (name, variable) =>
    `add ${variable} to the pipeline's variables as a secret; stowaway secrets get ${name} gives the value`,
};

function expandedBy({ form, note }: Service): Judge {
  return expands({ form, meant: /\$/, notes: (name) => [note(name, name)] });
}

/** Nothing is expanded here, so that only a whole entry can go. */
const circleEnvironment: Judge = (asked) => {
  const key = String(asked.scalar.path.at(-1));
  return asked.whole ? { drop: null, notes: [CIRCLE.note(asked.place.name, key)] } : elsewhere(CIRCLE)(asked);
};

const azureScript: Judge = (asked) => {
  const { name } = asked.place;
  if (asked.scalar.path.at(-1) === "script" && asked.scalars.some(({ value }) => /windows/i.test(value)))
    return refuse(
      "the script may run in cmd.exe, on Windows",
      `add env: with ${name}: $(${name}) to the step, and write %${name}% in the script`,
    );
  const outer: readonly string[][] = [];
  const supply = stepEnv(asked, { form: AZURE.form, outer });
  return { script: true, notes: [AZURE.note(name, name)], opaque: AZURE.opaque, supply };
};

/** Services that run pipelines. */
export const CI_READERS: readonly Reader[] = [
  {
    name: "a workflow",
    files: /(?:^|\/)\.(?:github|gitea|forgejo)\/workflows\/[^/]+\.ya?ml$/,
    format: "yaml",
    source: "https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/use-secrets",
    judge: github,
  },
  {
    name: "an action",
    files: /(?:^|\/)action\.ya?ml$/,
    format: "yaml",
    source: "https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax",
    judge: literally(
      "an action cannot read secrets by itself",
      ({ place: { name } }) =>
        `declare an input, write \${{ inputs.${name.toLowerCase()} }} there, and let workflows pass ${githubForm(name)}`,
    ),
  },
  {
    name: ".gitlab-ci.yml",
    files: /(?:^|\/)\.gitlab-ci(?:\.[\w-]+)?\.ya?ml$|(?:^|\/)\.gitlab\/.+\.ya?ml$/,
    format: "yaml",
    source: "https://docs.gitlab.com/ci/variables/where_variables_can_be_used/",
    judge: byPath(
      [
        [/(?:^|\.)(?:before_|after_)?script(?:\.\d+)*$/, scripted(GITLAB)],
        [/(?:^|\.)variables\.[^.]+$/, setByService(GITLAB)],
        [/(?:^|\.)(?:image|services)(?:\.|$)/, expandedBy(GITLAB)],
      ],
      elsewhere(GITLAB),
    ),
  },
  {
    name: "CircleCI's configuration",
    files: /(?:^|\/)\.circleci\/[^/]+\.ya?ml$/,
    format: "yaml",
    source: "https://circleci.com/docs/guides/security/set-environment-variable/",
    judge: byPath(
      [
        [/\.run(?:\.command)?$/, scripted(CIRCLE)],
        [/\.(?:auth|aws_auth)\.[^.]+$/, expandedBy(CIRCLE)],
        [/\.environment\.[^.]+$/, circleEnvironment],
      ],
      elsewhere(CIRCLE),
    ),
  },
  {
    name: "bitbucket-pipelines.yml",
    files: /(?:^|\/)bitbucket-pipelines\.ya?ml$/,
    format: "yaml",
    source: "https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/",
    judge: byPath(
      [
        [/(?:^|\.)(?:after-)?script\.\d+$/, scripted(BITBUCKET)],
        [/\.variables\.[^.]+$|(?:^|\.)image\.[\w-]+$/, expandedBy(BITBUCKET)],
      ],
      elsewhere(BITBUCKET),
    ),
  },
  {
    name: "an Azure pipeline",
    files: /(?:^|\/)(?:[\w.-]*azure-pipelines?[\w.-]*|\.azure-?pipelines\/.+)\.ya?ml$/,
    format: "yaml",
    source: "https://learn.microsoft.com/en-us/azure/devops/pipelines/process/set-secret-variables",
    judge: byPath(
      [
        [/\.(?:script|bash)$/, azureScript],
        [/\.(?:pwsh|powershell)$/, elsewhere(AZURE)],
        [/(?:^|\.)variables\.[^.]+$/, setByService(AZURE)],
        [/\.(?:inputs|env)\.[^.]+$/, expandedBy(AZURE)],
      ],
      elsewhere(AZURE),
    ),
  },
];
