import type { Surroundings } from "../../model/edit.ts";
import { refuse } from "./literal.ts";
import type { Refused } from "./literal.ts";

/** Where there is code that users install or a browser gets: it has no environment of its own. Null elsewhere. */
export function shippedApp(path: string, project: Surroundings): Refused | null {
  const advice = [
    "Move the call that needs the value to a server of yours, and let the app ask that server.",
    "What is built into an app can be read by everyone who has the app.",
  ];
  if (
    /(?:^|\/)src\/(?:common|js|wasmJs|wasmWasi|native|ios\w*|macos\w*|android\w*|watchos\w*|tvos\w*)Main\//.test(
      path,
    )
  )
    return refuse("it is built for platforms without environment variables", ...advice);
  const source = path.lastIndexOf("/src/") >= 0 ? path.slice(0, path.lastIndexOf("/src/") + 1) : "";
  if (!/(?:^|\/)src\//.test(path) || project.read(`${source}src/main/AndroidManifest.xml`) === null)
    return null;
  return refuse("it becomes part of an Android app", ...advice);
}
