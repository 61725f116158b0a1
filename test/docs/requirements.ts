/** What the three articles that stowaway started from ask of a tool, in our words, and what became of it. */
export type Requirement = { readonly id: string; readonly what: string } & (
  | { readonly state: "done"; readonly by: readonly Proof[] }
  | { readonly state: "planned"; readonly theme: Theme }
  | { readonly state: "not"; readonly reason: string }
);

/** A test file, and the name of a test in it. */
type Proof = readonly [test: string, name: string];

/** Work that is still to come. */
type Theme = "audit" | "detection" | "packers" | "reports" | "verification";

/** Numbers of each article, first and last. */
export const RANGES = [
  ["S0", 1, 37],
  ["S1", 1, 29],
  ["S2", 1, 9],
] as const;

const STORIES = "test/docs/stories.test.ts";
const TABLES = "test/rules/tables.test.ts";

function done(id: string, what: string, ...by: readonly Proof[]): Requirement {
  return { id, what, state: "done", by };
}

function planned(id: string, what: string, theme: Theme): Requirement {
  return { id, what, state: "planned", theme };
}

/** Tokens in published artifacts: a study of eight million of them. */
const ARTIFACTS: readonly Requirement[] = [
  planned("S0-01", "reads artifacts of npm, PyPI (both today), RubyGems, crates and Docker", "packers"),
  done("S0-02", "finds tokens by the shape their provider gives them", [
    "test/rules/examples.test.ts",
    "finds exactly the secret in each of its examples (seed %i)",
  ]),
  done("S0-03", "knows tokens of AWS, GitHub, GitLab, npm and Slack, and tells documented samples apart", [
    STORIES,
    "samples from documentation are not reported",
  ]),
  done("S0-04", "puts AWS, GCP and Telegram first", [
    STORIES,
    "the three kinds that leak most are critical and first: %s",
  ]),
  planned("S0-05", "two stages: what looks like a token, then whether it is one", "verification"),
  planned("S0-06", "asks a provider with one small request that changes nothing", "verification"),
  planned("S0-07", "says whether a token is live, what it may do and whose it is", "verification"),
  planned("S0-08", "tells revoked, restricted and not-a-token apart", "verification"),
  planned("S0-09", "looks at several versions of one package", "packers"),
  planned("S0-10", "looks into every layer of an image, deleted files included", "packers"),
  planned("S0-11", "names a token's owner where the artifact names nobody", "verification"),
  done("S0-12", "ranks the files in which tokens are found most", [
    "test/rules/files.test.ts",
    "are those in which published tokens are found most",
  ]),
  done("S0-13", "finds dotenv files and AWS keys in code, the two first causes", [STORIES, "%s"]),
  done("S0-14", "finds a secret in ENV of a Dockerfile", [STORIES, "%s"]),
  done("S0-15", "finds credentials in RUN of a Dockerfile", [STORIES, "%s"]),
  done("S0-16", "counts secrets in comments", [STORIES, "%s"]),
  done("S0-17", "counts secrets in documentation", [STORIES, "%s"]),
  done("S0-18", "counts secrets in examples", [STORIES, "%s"]),
  done("S0-19", "counts secrets in test cases", [STORIES, "%s"]),
  done("S0-20", "finds secrets in Python and Node code", [STORIES, "%s"]),
  planned("S0-21", "compares what a token is said to be for with what it may do", "verification"),
  planned("S0-22", "flags full and wildcard permissions", "verification"),
  done("S0-23", "finds tokens in the scripts of package.json, and names the script", [STORIES, "%s"]),
  done("S0-24", "stops a commit of a .env file", [STORIES, "a commit of a .env file is stopped"]),
  done(
    "S0-25",
    "stops a .env file from being published to npm and to PyPI",
    ["test/cli/install.test.ts", "npm publish --dry-run of a package with an .env stops in prepublishOnly"],
    [
      "test/pack/python-files.test.ts",
      "hatchling: an untracked .env, and one that only a nested .gitignore names",
    ],
  ),
  planned("S0-26", "says where production and development share a secret", "detection"),
  done("S0-27", "finds the one live section of a configuration full of placeholders", [STORIES, "%s"]),
  done("S0-28", "runs before a new build is published, and stops it", [
    "test/pack/npm-publish.test.ts",
    "is stopped in postpack by what prepack made",
  ]),
  planned("S0-29", "fewer false alarms by asking the provider", "verification"),
  planned("S0-30", "prints a token's real scopes", "verification"),
  planned("S0-31", "flags tokens with broad scopes", "verification"),
  planned("S0-32", "flags tokens without an end, and advises one", "verification"),
  done("S0-33", "moves secrets to a store that is read at run time", [
    "test/remedy/stow/formats.test.ts",
    "stowed into the keychain, read, undone",
  ]),
  planned("S0-34", "says that unpublishing is no cure where a version is out already", "packers"),
  planned("S0-35", "warns when an internal package would go to a public registry", "packers"),
  done("S0-36", "says what a thief could reach with it", [
    TABLES,
    "tells what it is, where that is written, and what to do",
  ]),
  planned("S0-37", "writes a report that can be sent to the owner in private", "reports"),
];

/** Six steps after a worm in packages. */
const WORM: readonly Requirement[] = [
  planned("S1-01", "finds publishing on shared runners", "audit"),
  planned("S1-02", "says to isolate before revoking", "audit"),
  planned("S1-03", "finds publishing that goes past the usual way", "audit"),
  planned("S1-04", "finds dependencies that read a runner's memory", "audit"),
  planned("S1-05", "finds tokens that are visible outside of the job that needs them", "audit"),
  planned("S1-06", "advises read-only tokens", "audit"),
  planned("S1-07", "finds secrets in plain environment variables of workflows", "audit"),
  planned("S1-08", "helps to rotate", "verification"),
  planned("S1-09", "points to the provider's own log of what a token did", "verification"),
  planned("S1-10", "moves plain-text secrets of a workstation into its keychain", "audit"),
  done("S1-11", "explains each finding and the next step", [
    "test/unit/report/text.test.ts",
    "a finding in a package says where it would go and why",
  ]),
  planned("S1-12", "finds id-token: write outside of the publishing job", "audit"),
  planned("S1-13", "finds a shared cache in the publishing job", "audit"),
  planned("S1-14", "says what provenance does not prove", "audit"),
  planned("S1-15", "looks at what packages do when they are installed", "audit"),
  planned("S1-16", "finds caches that cross trust boundaries", "audit"),
  planned("S1-17", "says when caches have to go", "audit"),
  planned("S1-18", "finds workflows of forks and of releases that share a name space", "audit"),
  planned("S1-19", "finds pull_request_target that runs a fork's code", "audit"),
  planned("S1-20", "looks at optional dependencies in lock files", "audit"),
  planned("S1-21", "finds dependencies on commits that are no release", "audit"),
  planned("S1-22", "looks at Python's dependencies on their own", "audit"),
  planned("S1-23", "incident: says to keep an image of the machine first", "audit"),
  planned("S1-24", "incident: says that revoking can set off destruction", "audit"),
  planned("S1-25", "incident: gives the order of rotation", "audit"),
  planned("S1-26", "reads workflows thoroughly", "audit"),
  planned("S1-27", "writes a report for those who decide", "reports"),
  planned("S1-28", "takes new signs of attacks without a release of its own", "audit"),
  planned("S1-29", "checks whether a build was authorised, not only where it ran", "audit"),
];

/** A policy against live service tokens in a release. */
const POLICY: readonly Requirement[] = [
  done("S2-01", "gives each finding priority, severity, effort, CI status and the reason", [
    STORIES,
    "every finding says its priority, its effort and whether it stops CI",
  ]),
  planned("S2-02", "validates through interfaces with the least privilege", "verification"),
  planned("S2-03", "a live token is a finding above one that looks like it", "verification"),
  planned("S2-04", "decodes what is encoded and reports it all the same", "detection"),
  done(
    "S2-05",
    "stores secrets safely and helps to rotate them",
    ["test/remedy/stow/stow.test.ts", "history that has the value is named, and that moving is no cure"],
    ["test/remedy/stow/formats.test.ts", "stowed into the keychain, read, undone"],
  ),
  planned("S2-06", "published by accident: says to revoke and to report an incident", "audit"),
  planned("S2-07", "knows tokens of AWS, Facebook, Slack and others, JWT (all today), and SWT", "detection"),
  planned("S2-08", "reads artifacts of NuGet", "packers"),
  done("S2-09", "every rule has a help page", [
    TABLES,
    "tells what it is, where that is written, and what to do",
  ]),
];

export const REQUIREMENTS: readonly Requirement[] = [...ARTIFACTS, ...WORM, ...POLICY];
