/** What the committed manifest says of one secret; never its value, nor a digest of it. */
export interface ManifestSecret {
  /** Where it is kept, tried in order: `keychain`, `dotenv:.env.local`. */
  readonly from: readonly string[];
  /** What it is for, in the user's words. */
  readonly about?: string | undefined;
  readonly provider?: string | undefined;
  /** Profiles that have a value of their own, besides the default. */
  readonly profiles?: readonly string[] | undefined;
  /** Further variables that get the same value. */
  readonly as?: readonly string[] | undefined;
}

/** `stowaway.secrets.json`: the names of a project's stowed secrets. */
export interface Manifest {
  readonly version: 1;
  /** Random, public; names the project in the keychain. */
  readonly projectId: string;
  readonly secrets: Readonly<Record<string, ManifestSecret>>;
}

export const MANIFEST_FILE = "stowaway.secrets.json";

/** Names that a shell takes for a variable; at most 128 characters. */
export const NAME_PATTERN = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

/**
 * Variables that decide what programs do, and so could run code: never set from a store unless they are asked for by
 * name.
 */
const UNSAFE =
  /^(?:PATH|PATHEXT|IFS|ENV|BASH_ENV|SHELLOPTS|BASHOPTS|PS4|PROMPT_COMMAND|SHELL|HOME|USERPROFILE|COMSPEC|EDITOR|VISUAL|PAGER|BROWSER|LESSOPEN|LESSCLOSE|MANPAGER|NODE_OPTIONS|NODE_PATH|NODE_EXTRA_CA_CERTS|NODE_TLS_REJECT_UNAUTHORIZED|NODE_REPL_.*|ELECTRON_RUN_AS_NODE|npm_config_.*|PYTHON(?:STARTUP|PATH|HOME|INSPECT|BREAKPOINT|WARNINGS|USERBASE|EXECUTABLE)|RUBYOPT|RUBYLIB|GEM_PATH|GEM_HOME|BUNDLE_.*|PERL5(?:OPT|LIB|DB)|PERLLIB|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS|CLASSPATH|MAVEN_OPTS|GRADLE_OPTS|PHPRC|PHP_INI_SCAN_DIR|GOFLAGS|GOROOT|GOPROXY|GONOSUMDB|GOENV|RUSTC_WRAPPER|RUSTFLAGS|RUSTC|CARGO_BUILD_.*|LD_.*|DYLD_.*|GCONV_PATH|LOCPATH|MALLOC_.*|GLIBC_.*|GIT_.*|SSH_(?:ASKPASS(?:_REQUIRE)?|AUTH_SOCK|AGENT_PID)|(?:HTTPS?|ALL|NO|FTP)_PROXY|SSL_CERT_(?:FILE|DIR)|CURL_CA_BUNDLE|REQUESTS_CA_BUNDLE|DOCKER_HOST|STOWAWAY_.*)$/i;

/** Whether a variable of this name could change which code runs or where programs connect to. */
export function isUnsafeName(name: string): boolean {
  return UNSAFE.test(name);
}
