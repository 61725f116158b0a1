import { isRandom } from "./randomness.ts";
import { isReference, isWeakPassword } from "./suppress.ts";

/** Names that are reserved for documents (RFC 2606), and one that documents use. */
const SAMPLE_HOST = /(?:^|\.)(?:example(?:\.(?:com|org|net|edu))?|test|invalid|localhost|domain\.com)$/;

/** A service of this machine or of the same compose file: its password opens nothing to a stranger unless it is used elsewhere. */
const LOCAL_HOST = /^(?:[a-z0-9_-]+|127(?:\.\d{1,3}){3}|0\.0\.0\.0|\[::1\]|host\.docker\.internal)$/;

/**
 * Whether a password that signs in somewhere is somebody's, not a reference, a sample, or the same word as the user.
 *
 * @param host name or address without port; empty where it is not known
 */
export function isSignIn(user: string, password: string, host: string): boolean {
  if (isReference(password) || isWeakPassword(password) || /^[*x.]+$/i.test(password)) return false;
  if (user.toLowerCase() === password.toLowerCase()) return false;
  // `http://host:8080;…@` and the like: a port is no password.
  if (/^[0-9]{1,5}$/.test(password)) return false;
  if (isRandom(password)) return true;
  if (/^(?:example|your|my|some|user|username|\$)/i.test(user)) return false;
  const name = host.toLowerCase().replace(/\.$/, "");
  return !SAMPLE_HOST.test(name) && !LOCAL_HOST.test(name);
}
