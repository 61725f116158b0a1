import { byPath, expands, literally, refuse, UNREAD } from "./verdict.ts";
import type { Judge, Reader } from "./verdict.ts";

const START_EDITOR = "quit the editor, and start it with the values: stowaway run -- code .";

const visualStudioCode = expands({
  form: (name) => `\${env:${name}}`,
  meant: /\$\{/,
  notes: () => [START_EDITOR],
});

/** It is reported that headers are not expanded everywhere: https://github.com/microsoft/vscode/issues/336232 */
const visualStudioCodeHeader = expands({
  form: (name) => `\${env:${name}}`,
  meant: /\$\{/,
  notes: (name) => [
    START_EDITOR,
    `where the server refuses the header, use an input that VS Code asks for: \${input:${name.toLowerCase()}}`,
  ],
});

/** The host's environment variables win over this file; `:` of a key's path is written `__`. */
const appsettings: Judge = ({ place: { name }, scalar, whole }) => {
  const variable = scalar.path.join("__");
  return whole
    ? {
        write: "",
        variable,
        notes: [`.NET takes ${variable} from the environment: stowaway run -- dotnet run`],
      }
    : refuse(
        ".NET expands no variables in a value",
        `keep the whole value as a secret: stowaway secrets set ${variable}`,
        `then leave "" here; .NET takes ${variable} from the environment`,
        `and delete ${name}, which holds a part of it: stowaway secrets rm ${name}`,
      );
};

/** Programs that read JSON. */
export const JSON_READERS: readonly Reader[] = [
  {
    name: "VS Code's mcp.json",
    files: /(?:^|\/)\.vscode\/mcp\.json$/,
    format: "json",
    source: "https://github.com/microsoft/vscode/issues/245237",
    judge: byPath([[/\.headers\.[^.]+$/, visualStudioCodeHeader]], visualStudioCode),
  },
  {
    name: "VS Code's launch.json or tasks.json",
    files: /(?:^|\/)\.vscode\/(?:launch|tasks)\.json$/,
    format: "json",
    source: "https://code.visualstudio.com/docs/reference/variables-reference#_environment-variables",
    judge: visualStudioCode,
  },
  {
    name: "Cursor's mcp.json",
    files: /(?:^|\/)\.cursor\/mcp\.json$/,
    format: "json",
    source: "https://docs.cursor.com/context/model-context-protocol",
    judge: byPath(
      [
        [
          /^mcpServers\.[^.]+\.(?:command|args|env|url|headers)(?:\.|$)/,
          expands({ form: (name) => `\${env:${name}}`, meant: /\$\{/ }),
        ],
      ],
      UNREAD,
    ),
  },
  {
    name: ".mcp.json",
    files: /(?:^|\/)\.mcp\.json$/,
    format: "json",
    source: "https://code.claude.com/docs/en/mcp#environment-variable-expansion-in-mcp-json",
    judge: byPath(
      [
        [
          /^mcpServers\.[^.]+\.(?:command|args|env|url|headers)(?:\.|$)/,
          expands({
            form: (name) => `\${${name}}`,
            meant: /\$\{/,
            notes: () => ["start the program that reads .mcp.json under: stowaway run -- …"],
          }),
        ],
      ],
      UNREAD,
    ),
  },
  {
    name: "devcontainer.json",
    files: /(?:^|\/)\.?devcontainer(?:\/(?:[^/]+\/)?devcontainer)?\.json$/,
    format: "json",
    source: "https://containers.dev/implementors/json_reference/#variables-in-devcontainerjson",
    judge: expands({
      form: (name) => `\${localEnv:${name}}`,
      meant: /\$\{/,
      notes: () => [START_EDITOR],
    }),
  },
  {
    name: "appsettings.json",
    files: /(?:^|\/)appsettings(?:\.[\w-]+)?\.json$/,
    format: "json",
    source: "https://learn.microsoft.com/en-us/aspnet/core/fundamentals/configuration/#environment-variables",
    judge: appsettings,
  },
  {
    name: "Docker's config.json",
    files: /(?:^|\/)\.docker\/config\.json$|(?:^|\/)\.dockercfg$/,
    format: "json",
    source: "https://docs.docker.com/reference/cli/docker/login/#credential-stores",
    judge: literally(
      "Docker keeps sign-ins in a credential store, or as they stand there",
      () =>
        'write "credsStore": "osxkeychain" (macOS), "wincred" (Windows) or "secretservice" (Linux) into it, delete "auths", and run docker login again',
      ({ request: { path } }) => `and keep the file out of git: git rm --cached ${path}`,
    ),
  },
  {
    name: "Composer's auth.json",
    files: /(?:^|\/)auth\.json$/,
    format: "json",
    source: "https://getcomposer.org/doc/03-cli.md#composer-auth",
    judge: literally(
      "Composer expands no variables there",
      () => "keep the whole JSON as a secret: stowaway secrets set COMPOSER_AUTH < auth.json",
      ({ request: { path } }) =>
        `then git rm --cached ${path}; Composer takes COMPOSER_AUTH from the environment`,
    ),
  },
];

/** Any other JSON. */
export const PLAIN_JSON: Reader = {
  name: "JSON",
  files: /\.(?:json[c5]?|webmanifest|code-workspace)$/i,
  format: "json",
  source: "https://www.rfc-editor.org/rfc/rfc8259",
  judge: UNREAD,
};
