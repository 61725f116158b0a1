import path from "node:path/posix";
import type { LocatedScalar } from "../../../formats/located.ts";
import { byPath, dropped, expands, literally, refuse, UNREAD } from "./verdict.ts";
import type { Asked, Judge, Reader } from "./verdict.ts";

const npmExpands = expands({
  form: (name) => `\${${name}}`,
  meant: /\$\{/,
  notes: (name) => [
    `npm takes ${name} from the environment: stowaway run --only ${name} -- npm publish; in CI it must be set too`,
  ],
});

/** A setting's name, unless an address with a user in it stands there. */
function shownKey({ path: steps }: LocatedScalar): string {
  const key = String(steps.at(-1));
  return /^(?:@[\w-]+:registry|[\w./:-]{1,100})$/.test(key) ? key : "KEY";
}

/** Since 10.34 and 11.5.3 pnpm expands nothing in a project's file: https://github.com/pnpm/pnpm/issues/12314 */
const npmrc: Judge = (asked) => {
  const { place, request, scalar } = asked;
  const beside = path.join(path.dirname(request.path), "pnpm-lock.yaml");
  if (request.project.read(beside) === null && request.project.read("pnpm-lock.yaml") === null)
    return npmExpands(asked);
  return refuse(
    "pnpm expands no variables in a project's .npmrc",
    `move the line to the user's own ~/.npmrc, there as ${shownKey(scalar)}=\${${place.name}}`,
    "and delete it here",
  );
};

/** twine has one variable for all repositories. */
const pypirc: Judge = (asked) => {
  const passwords = asked.scalars.filter(({ role, path: [, key] }) => role === "key" && key === "password");
  if (passwords.length < 2)
    return dropped(
      () => "TWINE_PASSWORD",
      () => ["twine takes TWINE_PASSWORD from the environment: stowaway run -- twine upload dist/*"],
    )(asked);
  return refuse(
    "the file holds several passwords, and twine has one variable for all",
    `give it to the keyring that twine asks: stowaway secrets get ${asked.place.name} | keyring set ADDRESS USER, with the section's repository and username`,
    "then delete the line",
  );
};

function gradleVariable({ scalar }: Asked): string {
  return `ORG_GRADLE_PROJECT_${String(scalar.path[0])}`;
}

/** Programs that read INI files, one assignment a line. */
export const INI_READERS: readonly Reader[] = [
  {
    name: ".npmrc",
    files: /(?:^|\/)\.npmrc$/,
    format: "npmrc",
    source: "https://docs.npmjs.com/cli/v11/configuring-npm/npmrc",
    judge: npmrc,
  },
  {
    name: ".pypirc",
    files: /(?:^|\/)\.pypirc$/,
    format: "ini",
    source: "https://twine.readthedocs.io/en/stable/#environment-variables",
    judge: byPath([[/^[^.]+\.password$/, pypirc]], UNREAD),
  },
  {
    name: "pip's configuration",
    files: /(?:^|\/)pip\.(?:conf|ini)$/,
    format: "ini",
    source: "https://pip.pypa.io/en/stable/topics/authentication/",
    judge: literally(
      "pip expands no variables in its configuration",
      ({ scalar }) => {
        const variable = `PIP_${String(scalar.path.at(-1)).toUpperCase().replaceAll("-", "_")}`;
        return `keep the whole value as a secret, which pip takes from the environment: stowaway secrets set ${variable}`;
      },
      () => "then delete the line; or take the password out of the address, and give it to keyring",
    ),
  },
  {
    name: "tox.ini",
    files: /(?:^|\/)tox\.ini$/,
    format: "ini",
    source: "https://tox.wiki/en/latest/config.html#environment-variable-substitutions",
    judge: expands({
      form: (name) => `{env:${name}}`,
      meant: /[{}\\#]/,
      notes: () => ["run it with: stowaway run -- tox"],
    }),
  },
  {
    name: "supervisord's configuration",
    files: /(?:^|\/)supervisord?\.conf$|(?:^|\/)supervisor\/.+\.(?:conf|ini)$/,
    format: "conf",
    source: "https://supervisord.org/configuration.html#environment-variables",
    judge: expands({
      form: (name) => `%(ENV_${name})s`,
      meant: /%/,
      notes: () => ["start it with: stowaway run -- supervisord"],
    }),
  },
  {
    name: "php.ini",
    files: /(?:^|\/)(?:php(?:-[\w-]+)?|\.user)\.ini$/,
    format: "conf",
    source: "https://www.php.net/manual/en/configuration.file.php",
    judge: (asked) =>
      asked.scalar.style === "single"
        ? refuse("PHP expands nothing in single quotes", `write "\${${asked.place.name}}" in double quotes`)
        : expands({ form: (name) => `\${${name}}`, meant: /[$"]/ })(asked),
  },
];

/** Any other INI file. */
export const PLAIN_INI: Reader = {
  name: "INI",
  files: /\.(?:ini|cfg|conf|cnf|editorconfig)$|(?:^|\/)\.(?:s3cfg|my\.cnf|pgpass|boto)$/i,
  format: "conf",
  source: "https://docs.python.org/3/library/configparser.html#supported-ini-file-structure",
  judge: UNREAD,
};

/** Programs that read Java's properties. */
export const PROPERTIES_READERS: readonly Reader[] = [
  {
    name: "gradle.properties",
    files: /(?:^|\/)gradle\.properties$/,
    format: "properties",
    source: "https://docs.gradle.org/current/userguide/build_environment.html#sec:project_properties",
    judge: (asked) =>
      /[^\w]/.test(String(asked.scalar.path[0]))
        ? refuse(
            "no variable can have the property's name",
            `move the line to the user's own ~/.gradle/gradle.properties; stowaway secrets get ${asked.place.name} gives the value`,
          )
        : dropped(gradleVariable, (each) => [
            `Gradle takes ${String(each.scalar.path[0])} from ${gradleVariable(each)}: stowaway run -- ./gradlew …`,
          ])(asked),
  },
  {
    name: "Spring's configuration",
    files: /(?:^|\/)(?:application|bootstrap)(?:-[\w-]+)?\.properties$/,
    format: "properties",
    source: "https://docs.spring.io/spring-boot/reference/features/external-config.html",
    judge: expands({ form: (name) => `\${${name}}`, meant: /\$\{|#\{/ }),
  },
  {
    name: "log4j2's configuration",
    files: /(?:^|\/)log4j2[\w-]*\.properties$/,
    format: "properties",
    source: "https://logging.apache.org/log4j/2.x/manual/lookups.html",
    judge: expands({ form: (name) => `\${env:${name}}`, meant: /\$/ }),
  },
];

/** Any other properties file. */
export const PLAIN_PROPERTIES: Reader = {
  name: "a properties file",
  files: /\.properties$/i,
  format: "properties",
  source: "https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/util/Properties.html",
  judge: UNREAD,
};
