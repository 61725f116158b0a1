import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../../host/host.ts";
import type { NpmManifest } from "./manifest.ts";

const LOCK_FILES = [
  ["pnpm-lock.yaml", "pnpm"],
  ["yarn.lock", "yarn"],
  ["bun.lock", "bun"],
  ["bun.lockb", "bun"],
] as const;

/** The package manager other than npm that publishes this package, as far as can be told; null for npm. */
export function otherPublisher(dir: string, manifest: NpmManifest, env: Environment): string | null {
  const agent = /^(npm|pnpm|yarn|bun)\//.exec(env["npm_config_user_agent"] ?? "")?.[1];
  const named = /^(npm|pnpm|yarn|bun)@/.exec(manifest.packageManager ?? "")?.[1];
  const locked = LOCK_FILES.find(([file]) => existsSync(join(dir, file)))?.[1];
  const found = env["npm_lifecycle_event"] === "npx" ? (named ?? locked) : (agent ?? named ?? locked);
  return found === undefined || found === "npm" ? null : found;
}
