import { execFileSync } from "node:child_process";
import { missingPrograms } from "./keyring.ts";

/**
 * The keychain is tested with a real Secret Service, which CI may lack. Where it cannot be installed, those tests fail and
 * say what is missing: they are never skipped.
 */
export default function setup(): void {
  if (process.platform !== "linux" || missingPrograms().length === 0) return;
  if (process.env["CI"] === undefined || process.getuid?.() !== 0) return;
  const options = { stdio: ["ignore", "ignore", "inherit"] as ["ignore", "ignore", "inherit"] };
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  execFileSync("apt-get", ["update", "-qq"], { ...options, env });
  execFileSync("apt-get", ["install", "-qq", "-y", "--no-install-recommends", "dbus", "gnome-keyring"], {
    ...options,
    env,
  });
}
