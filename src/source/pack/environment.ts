import type { Environment } from "../../host/host.ts";
import { GUARD, guardValue } from "./guard.ts";

/** Settings of an outer npm that would change what the inner one does. */
const NPM_CONFIG =
  /^npm_config_(?:dry_run|json|pack_destination|workspaces?|include_workspace_root|foreground_scripts|loglevel|otp)$/i;

/** Credentials among npm's settings, those of one registry (`//host/:_authToken`) too. */
const NPM_CREDENTIALS = /^npm_config_(?:\/\/.*|.*(?:_auth(?!or)|_password|_username|:username).*)$/i;

/** Credentials of every registry that is published to: a build has no business with them. */
const CREDENTIALS = new RegExp(
  `^(?:${[
    "NPM_TOKEN|NPM_AUTH_TOKEN|NODE_AUTH_TOKEN|NPM_ID_TOKEN|BUN_AUTH_TOKEN|BUN_CONFIG_TOKEN|JSR_TOKEN",
    "YARN_NPM_AUTH_(?:TOKEN|IDENT)|YARN_NPM_REGISTRIES_.*",
    "ACTIONS_ID_TOKEN_REQUEST_(?:URL|TOKEN)|ACTIONS_RUNTIME_TOKEN",
    "TWINE_(?:USERNAME|PASSWORD)|UV_PUBLISH_(?:TOKEN|USERNAME|PASSWORD)|PYPI_(?:API_)?TOKEN",
    "FLIT_(?:USERNAME|PASSWORD)|HATCH_INDEX_(?:USER|AUTH)|PDM_PUBLISH_(?:USERNAME|PASSWORD)|MATURIN_(?:PYPI_TOKEN|USERNAME|PASSWORD)",
    "POETRY_PYPI_TOKEN_.*|POETRY_HTTP_BASIC_.*",
    "CARGO_REGISTRY_TOKEN|CARGO_REGISTRIES_.*_TOKEN|GEM_HOST_API_KEY.*|NUGET_API_KEY|OVSX_PAT|VSCE_PAT",
  ].join("|")})$`,
  "i",
);

/** Where an outer git stands (a hook of it runs us); a packer works in a folder of its own, often in a copy. */
const GIT_PLACE =
  /^GIT_(?:DIR|WORK_TREE|INDEX_FILE|COMMON_DIR|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|PREFIX|NAMESPACE)$/;

/** The environment without what binds git to another repository than that of its folder. */
export function withoutGitPlace(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !GIT_PLACE.test(name)));
}

interface PackPlace {
  /** Real paths of the package and of the copy it is packed in. */
  readonly guarded: readonly string[];
  /** Folder of ours for temporary files: what a killed build leaves goes with it. */
  readonly tmp: string;
  /** Whether the build unpacks its own sdist, and builds again there. */
  readonly sdist?: boolean;
}

/**
 * The environment a packer is started with: everything but publishing credentials and the leftovers of an outer npm.
 * `npm_config_ignore_scripts` stays, for the user said it.
 *
 * @param extra set on top
 */
export function packEnvironment(
  env: Environment,
  { guarded, tmp, sdist = false }: PackPlace,
  extra: Environment = {},
): Environment {
  const kept = Object.entries(withoutGitPlace(env)).filter(
    ([name]) => ![NPM_CONFIG, NPM_CREDENTIALS, CREDENTIALS].some((pattern) => pattern.test(name)),
  );
  const own = { [GUARD]: guardValue(guarded, env, sdist), TMPDIR: tmp, TEMP: tmp, TMP: tmp };
  return { ...Object.fromEntries(kept), ...own, ...extra };
}
