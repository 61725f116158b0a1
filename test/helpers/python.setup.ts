import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { PROJECT } from "./run.ts";

const NEEDED = ["build", "hatchling", "setuptools", "wheel", "flit_core"];

/**
 * The Python packers are tested with the real front end and back ends, in an environment of their own below
 * `node_modules`, made once. `STOWAWAY_TEST_PYTHON` names another interpreter that has them.
 */
export default function setup(): void {
  if (process.env["STOWAWAY_TEST_PYTHON"] !== undefined) return;
  const folder = path.join(PROJECT, "node_modules/.cache/stowaway-python");
  const python = path.join(folder, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
  const ready = path.join(folder, "ready");
  if (!existsSync(ready)) {
    execFileSync("python3", ["-m", "venv", folder], { stdio: ["ignore", "ignore", "inherit"] });
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...NEEDED];
    execFileSync(python, pip, { stdio: ["ignore", "ignore", "inherit"] });
    execFileSync(python, ["-c", `open(${JSON.stringify(ready)}, "w").close()`]);
  }
  process.env["STOWAWAY_TEST_PYTHON"] = python;
}
