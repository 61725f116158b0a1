import manifest from "../../package.json" with { type: "json" };

export const VERSION: string = manifest.version;

/** Where users report what went wrong inside. */
export const ISSUES_PAGE = `${manifest.repository.url.replace(/^git\+|\.git$/g, "")}/issues`;
