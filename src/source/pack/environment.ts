import type { Environment } from "../../host/host.ts";

/** Settings of an outer npm that would change what the inner one does, and its credentials. */
const NPM_CONFIG =
  /^npm_config_(?:dry_run|json|pack_destination|workspaces?|include_workspace_root|foreground_scripts|loglevel|otp|_auth.*|\/\/.*)$/i;

/** Credentials that a build has no business with. */
const CREDENTIALS =
  /^(?:NPM_TOKEN|NODE_AUTH_TOKEN|NPM_ID_TOKEN|ACTIONS_ID_TOKEN_REQUEST_(?:URL|TOKEN)|ACTIONS_RUNTIME_TOKEN|TWINE_(?:USERNAME|PASSWORD)|UV_PUBLISH_(?:TOKEN|USERNAME|PASSWORD)|PYPI_(?:API_)?TOKEN|FLIT_(?:USERNAME|PASSWORD)|HATCH_INDEX_(?:USER|AUTH)|POETRY_PYPI_TOKEN_.*|CARGO_REGISTRY_TOKEN|CARGO_REGISTRIES_.*_TOKEN|GEM_HOST_API_KEY)$/i;

/** Where an outer git stands (a hook of it runs us); a packer works in a folder of its own, often in a copy. */
const GIT_PLACE =
  /^GIT_(?:DIR|WORK_TREE|INDEX_FILE|COMMON_DIR|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|PREFIX|NAMESPACE)$/;

/** The environment without what binds git to another repository than that of its folder. */
export function withoutGitPlace(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !GIT_PLACE.test(name)));
}

/**
 * The environment a packer is started with: everything but publishing credentials and the leftovers of an outer npm.
 * `npm_config_ignore_scripts` stays, for the user said it.
 *
 * @param extra set on top
 */
export function packEnvironment(env: Environment, extra: Environment): Environment {
  const kept = Object.entries(withoutGitPlace(env)).filter(
    ([name]) => !NPM_CONFIG.test(name) && !CREDENTIALS.test(name),
  );
  return { ...Object.fromEntries(kept), ...extra };
}
