import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { IncompleteError } from "../model/errors.ts";
import { makeStateFile } from "./state-folder.ts";

const BYTES = 32;
const NONCE = 12;
const TAG = 16;

/**
 * What the journal is written with. A plain hash of a file, git's object id included, would let anybody who is shown a
 * journal try passwords against it.
 */
export interface JournalKey {
  /** Keyed digest, hexadecimal. */
  mac(bytes: Uint8Array): string;
  /** Makes a text unreadable (AES-256-GCM, base64); another time the same text gives something else. */
  seal(text: string): string;
  /** @throws IncompleteError where it was not sealed with this key */
  open(sealed: string): string;
}

/**
 * Reads the work tree's own key, or makes one.
 *
 * @param stateDir our folder in the git directory
 */
export function openJournalKey(stateDir: string): JournalKey {
  const file = path.join(stateDir, "key");
  const key = readKey(file) ?? makeKey(stateDir, file);
  return {
    mac: (bytes) => createHmac("sha256", key).update(bytes).digest("hex"),
    seal: (text) => {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv("aes-256-gcm", key, nonce);
      const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64");
    },
    open: (sealed) => unseal(key, Buffer.from(sealed, "base64")),
  };
}

function unseal(key: Buffer, sealed: Buffer): string {
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, NONCE), { authTagLength: TAG });
    decipher.setAuthTag(sealed.subarray(NONCE, NONCE + TAG));
    return Buffer.concat([decipher.update(sealed.subarray(NONCE + TAG)), decipher.final()]).toString();
  } catch (cause) {
    throw new IncompleteError("journal-damaged", "the journal was not written with this work tree's key", {
      cause,
    });
  }
}

function readKey(file: string): Buffer | null {
  try {
    const key = readFileSync(file);
    if (key.length === BYTES) return key;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  throw new IncompleteError("journal-damaged", "the key of the journal is damaged", {
    path: file,
    hint: "What stow did here before can be taken back by hand only. To go on, move this folder away.",
  });
}

function makeKey(stateDir: string, file: string): Buffer {
  const key = randomBytes(BYTES);
  makeStateFile(stateDir, file, key);
  return key;
}
