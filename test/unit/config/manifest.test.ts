import fc from "fast-check";
import { expect, test } from "vitest";
import {
  addToManifest,
  dropFromManifest,
  newProjectId,
  parseManifest,
} from "../../../src/config/manifest.ts";
import { isTreePath } from "../../../src/config/tree-path.ts";
import { isUnsafeName } from "../../../src/model/manifest.ts";

const ID = "0011223344556677";

const withSecrets = (secrets: unknown, more: object = {}): string =>
  JSON.stringify({ version: 1, projectId: ID, secrets, ...more });

const problem = (text: string): string => {
  try {
    parseManifest(text);
    return "none";
  } catch (error) {
    const { exitCode, message, hint } = error as { exitCode: number; message: string; hint?: string };
    return `${exitCode} ${message}${hint === undefined ? "" : ` | ${hint}`}`;
  }
};

test("reads what it says, in an object that holds nothing else", () => {
  const entry = {
    from: ["keychain", "dotenv:conf/.env.local"],
    about: "a",
    provider: "b",
    profiles: ["c"],
    as: ["D"],
  };
  const manifest = parseManifest(`\ufeff${withSecrets({ A: entry, constructor: { from: ["keychain"] } })}`);
  expect(manifest).toEqual({
    version: 1,
    projectId: ID,
    secrets: { A: entry, constructor: { from: ["keychain"] } },
  });
  expect(manifest.secrets["toString"]).toBeUndefined();
});

test.each([
  ["", /^2 line 1, column 1: a value is missing$/],
  ["[]", /the manifest must be an object/],
  ["{}", /version/],
  [withSecrets({}, { version: 2 }), /version must be 1$/],
  [withSecrets({}, { projectId: "x/../y" }), /projectId must be 16 to 64 hexadecimal digits/],
  [withSecrets([]), /secrets must be an object/],
  [withSecrets({ "A-B": { from: ["keychain"] } }), /what stands here must be the name of a variable/],
  [withSecrets({ ["A".repeat(129)]: { from: ["keychain"] } }), /the name of a variable/],
  [
    `{"version":1,"projectId":"${ID}","secrets":{"__proto__":{"from":["keychain"]}}}`,
    /the name of a variable/,
  ],
  [withSecrets({ A: { from: [] } }), /from must be a list that is not empty/],
  [
    withSecrets({ A: { from: ["vault"] } }),
    /from\.0 must be keychain or dotenv: with the path of a file inside/,
  ],
  [withSecrets({ A: { from: ["dotenv:../x"] } }), /from\.0 must be/],
  [withSecrets({ A: { from: ["dotenv:/etc/x"] } }), /from\.0 must be/],
  [withSecrets({ A: { from: ["dotenv:.git/x"] } }), /from\.0 must be/],
  [withSecrets({ A: { from: ["keychain"], form: 1 } }), /this key is not known \| Did you mean from\?/],
  [withSecrets({ A: { from: ["keychain"], profiles: ["a/b"] } }), /profiles\.0 must be at most 64 letters/],
  [withSecrets({ A: { from: ["keychain"], as: ["a b"] } }), /as\.0 must be the name/],
  [
    withSecrets({}, { value: 1 }),
    /this key is not known \| Known here: \$schema, version, projectId, secrets\./,
  ],
  [`{"version":1,"version":1,"projectId":"${ID}","secrets":{}}`, /this key is given twice/],
  ["[".repeat(100_000), /nested deeper/],
])("refuses %.60j", (text, message) => {
  expect(problem(text)).toMatch(message);
});

test("no text whatever makes it fail in another way, or quote what it read", () => {
  const marker = "QUOTED";
  const json = fc.jsonValue().map((value) => JSON.stringify(value).replaceAll("a", marker));
  fc.assert(
    fc.property(
      fc.oneof(
        json,
        json.map((value) => withSecrets({ A: value })),
        fc.string(),
      ),
      (text) => {
        expect(problem(text)).toMatch(/^(?:none|2 line \d+, column \d+: )/);
        expect(problem(text)).not.toContain(marker);
      },
    ),
    { numRuns: 2000, seed: 2 },
  );
});

test("a new manifest has a random id and sorted names", () => {
  const text = addToManifest(null, {
    B: { from: ["keychain"] },
    A: { from: ["keychain"], about: undefined },
  });
  expect(text).toMatch(
    /^\{\n {2}"version": 1,\n {2}"projectId": "[0-9a-f]{32}",\n {2}"secrets": \{\n {4}"A"/,
  );
  expect(text.endsWith("}\n")).toBe(true);
  expect(Object.keys(parseManifest(text).secrets)).toEqual(["A", "B"]);
  expect(newProjectId()).not.toBe(newProjectId());
});

test("what is there stays as it is: comments, indent, line ends, what is said of other names", () => {
  const before = [
    "{",
    '\t"version": 1, // the format',
    `\t"projectId": "${ID}",`,
    '\t"secrets": {',
    '\t\t"A": {',
    '\t\t\t"from": [',
    '\t\t\t\t"keychain"',
    "\t\t\t],",
    '\t\t\t"about": "mine"',
    "\t\t}",
    "\t}",
    "}",
    "",
  ].join("\r\n");
  const after = addToManifest(before, { B: { from: ["keychain"] } });
  expect(after.startsWith(before.slice(0, before.indexOf("\r\n\t}\r\n}")))).toBe(true);
  expect(after).not.toMatch(/[^\r]\n/);
  expect(parseManifest(after).secrets).toEqual({
    A: { from: ["keychain"], about: "mine" },
    B: { from: ["keychain"] },
  });
  expect(addToManifest(after, { A: { from: ["keychain"] } })).toBe(after);
  const changed = parseManifest(addToManifest(after, { A: { from: ["dotenv:.env.local"] } }));
  expect(changed.secrets["A"]).toEqual({ from: ["dotenv:.env.local"], about: "mine" });
  expect(changed.projectId).toBe(ID);
  expect(parseManifest(dropFromManifest(after, ["A", "NOT_THERE"])).secrets).toEqual({
    B: { from: ["keychain"] },
  });
  expect(() => addToManifest("{", { A: { from: ["keychain"] } })).toThrow(/line 1/);
});

test.each([
  [".env.local", true],
  ["a/b/.env", true],
  ["", false],
  ["/a", false],
  ["a//b", false],
  ["./a", false],
  ["a/../b", false],
  [".git/config", false],
  ["a/.GIT/x", false],
  ["git~1/x", false],
  [".git /x", false],
  [".git::$INDEX_ALLOCATION/x", false],
  ["C:/x", false],
  [String.raw`a\b`, false],
  ["a\nb", false],
  ["a\u202eb", false],
])("%j is inside the work tree: %s", (path, inside) => {
  expect(isTreePath(path)).toBe(inside);
});

const DANGEROUS = `
  PATH PATHEXT IFS ENV BASH_ENV BASH_FUNC_x SHELLOPTS BASHOPTS PS4 PROMPT_COMMAND SHELL COMSPEC ZDOTDIR FPATH CDPATH
  INPUTRC PSModulePath LD_PRELOAD LD_LIBRARY_PATH LD_AUDIT DYLD_INSERT_LIBRARIES GCONV_PATH LOCPATH MALLOC_CONF
  HOME USERPROFILE APPDATA XDG_CONFIG_HOME XDG_DATA_DIRS TMPDIR TEMP TMP GNUPGHOME KUBECONFIG DOCKER_CONFIG DOCKER_HOST
  AWS_CONFIG_FILE AWS_CA_BUNDLE AWS_SHARED_CREDENTIALS_FILE AWS_ENDPOINT_URL AWS_ENDPOINT_URL_S3 NETRC GH_HOST
  EDITOR VISUAL PAGER MANPAGER BROWSER LESSOPEN LESSCLOSE SUDO_ASKPASS SSH_ASKPASS SSH_AUTH_SOCK GTK_MODULES
  QT_PLUGIN_PATH GIT_SSH_COMMAND GIT_DIR GIT_CONFIG_COUNT HTTP_PROXY https_proxy ALL_PROXY no_proxy SSL_CERT_FILE
  SSLKEYLOGFILE OPENSSL_CONF OPENSSL_MODULES OPENSSL_ENGINES CURL_CA_BUNDLE REQUESTS_CA_BUNDLE
  NODE_OPTIONS NODE_PATH NODE_EXTRA_CA_CERTS NODE_TLS_REJECT_UNAUTHORIZED NODE_REPL_EXTERNAL_MODULE NODE_V8_COVERAGE
  NODE_COMPILE_CACHE NODE_REDIRECT_WARNINGS NAPI_RS_NATIVE_LIBRARY_PATH ELECTRON_RUN_AS_NODE BUN_OPTIONS
  npm_config_registry NPM_CONFIG_SCRIPT_SHELL npm_execpath COREPACK_NPM_REGISTRY YARN_RC_FILENAME YARN_YARN_PATH
  YARN_NPM_REGISTRY_SERVER PYTHONPATH PYTHONSTARTUP PYTHONHOME PYTHONINSPECT PYTHONBREAKPOINT PYTHONPLATLIBDIR
  PYTHONPYCACHEPREFIX PYTHON_KEYRING_BACKEND PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_CONFIG_FILE PIP_TRUSTED_HOST
  UV_INDEX_URL UV_INDEX UV_EXTRA_INDEX_URL TWINE_REPOSITORY_URL RUBYOPT RUBYLIB RUBYSHELL GEM_PATH GEM_HOME
  BUNDLE_GEMFILE BUNDLE_PATH PERL5OPT PERL5LIB PERL5DB PERL5SHELL PERLLIB PHPRC PHP_INI_SCAN_DIR COMPOSER_HOME
  LUA_INIT LUA_INIT_5_3 LUA_PATH LUA_CPATH_5_4 R_PROFILE R_PROFILE_USER R_ENVIRON R_LIBS_USER JULIA_LOAD_PATH
  JULIA_DEPOT_PATH ERL_FLAGS ERL_AFLAGS ERL_ZFLAGS ERL_LIBS ELIXIR_ERL_OPTIONS JAVA_TOOL_OPTIONS _JAVA_OPTIONS
  JDK_JAVA_OPTIONS JAVA_OPTS JAVA_HOME CLASSPATH MAVEN_OPTS MAVEN_ARGS SBT_OPTS GRADLE_OPTS GRADLE_USER_HOME
  DOTNET_STARTUP_HOOKS DOTNET_ROOT DOTNET_ADDITIONAL_DEPS CORECLR_PROFILER CORECLR_ENABLE_PROFILING COR_PROFILER
  COR_PROFILER_PATH COMPlus_Profiler GOFLAGS GOROOT GOPATH GOPROXY GOSUMDB GONOSUMDB GOENV GOTOOLCHAIN CGO_CFLAGS
  RUSTC RUSTC_WRAPPER RUSTC_WORKSPACE_WRAPPER RUSTFLAGS CARGO_HOME CARGO_BUILD_RUSTC CARGO_ENCODED_RUSTFLAGS
  CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER CARGO_REGISTRIES_MINE_INDEX CARGO_REGISTRY_CREDENTIAL_PROVIDER
  MAKEFLAGS CC CXX LD AR CFLAGS LDFLAGS TF_CLI_ARGS TF_CLI_CONFIG_FILE STOWAWAY_STORE
`;
const ORDINARY = `
  NPM_TOKEN NODE_AUTH_TOKEN NODE_ENV PIP_PASSWORD PIP_USERNAME CARGO_REGISTRY_TOKEN CARGO_REGISTRIES_MINE_TOKEN
  GEM_HOST_API_KEY TWINE_USERNAME TWINE_PASSWORD DOCKER_PASSWORD DOCKER_USERNAME DOCKERHUB_TOKEN DOCKER_AUTH_CONFIG
  AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN YARN_NPM_AUTH_TOKEN YARN_NPM_AUTH_IDENT
  ORG_GRADLE_PROJECT_signingKey TF_VAR_db_password TF_TOKEN_app_terraform_io SSH_PRIVATE_KEY SSH_KEY GH_TOKEN
  GITHUB_TOKEN GITLAB_TOKEN NUGET_API_KEY UV_INDEX_MINE_PASSWORD UV_INDEX_MINE_USERNAME UV_PUBLISH_TOKEN
  COMPOSER_AUTH MAVEN_GPG_PASSPHRASE MAVEN_PASSWORD GRADLE_PUBLISH_KEY GRADLE_PUBLISH_SECRET BUN_AUTH_TOKEN
  DENO_AUTH_TOKENS STRIPE_SECRET_KEY DATABASE_URL REDIS_URL OPENAI_API_KEY GOOGLE_API_KEY GOOGLE_MAPS_KEY
  PYTHON_API_KEY JAVA_KEYSTORE_PASSWORD RUBYGEMS_API_KEY PGPASSWORD MYSQL_PWD SECRET_KEY_BASE GPG_PASSPHRASE
  SENTRY_AUTH_TOKEN HOMEBREW_GITHUB_API_TOKEN CCACHE_TOKEN LDAP_PASSWORD ARTIFACTORY_TOKEN HTTP_PASSWORD
  PROXY_PASSWORD EDITOR_TOKEN KUBE_TOKEN VAULT_TOKEN APP_PATH_TOKEN CORE_API_KEY TMPDIR_TOKEN
`;
const words = (text: string): string[] => text.trim().split(/\s+/);

test.each(words(DANGEROUS))("%s decides what programs do", (name) => {
  expect([name, name.toLowerCase(), name.toUpperCase()].map(isUnsafeName)).toEqual([true, true, true]);
});

test.each(words(ORDINARY))("%s is an ordinary secret's name", (name) => {
  expect(isUnsafeName(name)).toBe(false);
});
