import { NAME_PATTERN } from "../model/manifest.ts";

/** Whether it may be the name of a secret. The key that names an object's prototype is none. */
export function isName(value: string): boolean {
  return NAME_PATTERN.test(value) && value !== "__proto__";
}

/** Whether it may be the name of a profile; it becomes part of names in the keychain and of files. */
export function isProfile(value: string): boolean {
  return /^[A-Za-z0-9_-]{1,64}$/.test(value);
}
