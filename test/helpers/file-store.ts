import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { KnownError } from "../../src/model/errors.ts";
import { Secret } from "../../src/model/secret.ts";
import type { StoredSecret } from "../../src/model/transaction.ts";
import type { SecretStore, StoreReceipt } from "../../src/vault/store.ts";

/** A store as simple as one can be: a JSON file with one rename a write. For tests of what stands around a store. */
export function fileStore(file: string): SecretStore {
  const read = (): Record<string, string> => {
    try {
      return JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
      throw error;
    }
  };
  const write = (values: Record<string, string>): void => {
    if (Object.keys(values).length === 0) {
      unlinkSync(file);
      return;
    }
    const descriptor = openSync(`${file}.tmp`, "w", 0o600);
    writeSync(descriptor, JSON.stringify(values));
    fsyncSync(descriptor);
    closeSync(descriptor);
    renameSync(`${file}.tmp`, file);
  };
  return {
    kind: "keychain",
    label: "the test store",
    origin: "keychain",
    probe: async () => ({ kind: "ready" }),
    get: async (names) => {
      const values = Object.entries(read()).filter(([name]) => names.includes(name));
      return new Map(values.map(([name, value]) => [name, new Secret(value)]));
    },
    prepare: async (secrets) => {
      const values = read();
      const taken = secrets.find(({ name, value }) => (values[name] ?? value.expose()) !== value.expose());
      if (taken !== undefined) throw new KnownError(1, "name-taken", `${taken.name} holds another value`);
      return { made: secrets.map(({ name }) => name).filter((name) => values[name] === undefined) };
    },
    put: async (secrets) => {
      const values = read();
      const missing = secrets.filter(({ name }) => values[name] === undefined);
      if (missing.length === 0) return;
      write({ ...values, ...Object.fromEntries(missing.map(({ name, value }) => [name, value.expose()])) });
    },
    takeBack: async (secrets: readonly StoredSecret[], receipt: StoreReceipt) => {
      rmSync(`${file}.tmp`, { force: true });
      const values = read();
      const made = receipt["made"] as readonly string[];
      const goes = secrets.filter(
        ({ name, value }) => made.includes(name) && values[name] === value.expose(),
      );
      if (goes.length === 0) return;
      for (const { name } of goes) delete values[name];
      write(values);
    },
    replace: async (secrets) => {
      write({ ...read(), ...Object.fromEntries(secrets.map(({ name, value }) => [name, value.expose()])) });
    },
    notes: () => [],
    remove: async (names) => {
      const values = read();
      for (const name of names) delete values[name];
      write(values);
    },
  };
}
