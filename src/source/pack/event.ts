import { realpathSync } from "node:fs";
import { dirname } from "node:path";
import type { Environment } from "../../host/host.ts";
import type { NpmManifest } from "./manifest.ts";
import { FAILS_WITH_CHECK } from "../../formats/calls-check.ts";

/** How to pack, given the moment of a publish that we run in. */
export interface EventPlan {
  readonly ignoreScripts: boolean;
  /** Whether a publish (or a pack) of this very folder is under way: npm itself works in it, with its own flags. */
  readonly underWay: boolean;
  /** The outer npm's checksum of the bytes it is about to upload; null where it has none yet. */
  readonly integrity: string | null;
  readonly note: string | null;
}

/**
 * What the lifecycle script that runs us means for packing the folder; any other folder is packed as if by hand.
 *
 * The order in npm is prepublishOnly, prepack, prepare, list and tar, postpack, upload: only `postpack` sees the very
 * bytes that are uploaded, and there `npm_package_integrity` is their sha512.
 *
 * @param dir real path
 */
export function planForEvent(dir: string, manifest: NpmManifest, env: Environment): EventPlan {
  const event = isOwnLifecycle(dir, env) ? env["npm_lifecycle_event"] : undefined;
  const { scripts } = manifest;
  if (event === "postpack") {
    const integrity = env["npm_package_integrity"] ?? "";
    return { ...underWay(true), integrity: integrity.startsWith("sha512-") ? integrity : null };
  }
  if (event === "prepack" || event === "prepare")
    return underWay(
      true,
      `Scripts that run after ${event} may still add files: wire check-pack into "postpack" too.`,
    );
  if (event !== "prepublishOnly" && event !== "prepublish") return { ...underWay(false), underWay: false };
  const builds = scripts["prepack"] !== undefined || scripts["prepare"] !== undefined;
  if (!builds || FAILS_WITH_CHECK.test(scripts["postpack"] ?? "")) return underWay(true);
  const note = `The package was built twice, since prepack and prepare run after ${event}: wire check-pack into "postpack" instead.`;
  return underWay(false, note);
}

function underWay(ignoreScripts: boolean, note: string | null = null): EventPlan {
  return { ignoreScripts, underWay: true, integrity: null, note };
}

function isOwnLifecycle(dir: string, env: Environment): boolean {
  const manifest = env["npm_package_json"];
  if (manifest === undefined || env["npm_lifecycle_event"] === undefined) return false;
  try {
    return realpathSync(dirname(manifest)) === dir;
  } catch {
    return false;
  }
}
