import { existsSync } from "node:fs";
import type { CallResult } from "./keychain-call.ts";
import { nameTaken } from "./name-taken.ts";
import type { StoreState } from "./store.ts";
import type { Environment } from "../host/host.ts";
import { IncompleteError } from "../model/errors.ts";
import type { KnownError } from "../model/errors.ts";

interface Place {
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
  readonly attended: boolean;
}

type Failure = Extract<CallResult, { trouble: unknown }>;
type Unusable = Exclude<StoreState, { kind: "ready" }>;

const DOTENV =
  "Keep it in a dotenv file instead, with --to dotenv; STOWAWAY_STORE=dotenv makes that the rule.";

/** What a keychain that cannot be used means for the user. */
export function stateOf({ trouble, detail }: Failure, place: Place): Unusable {
  const system = detail === null ? "" : ` (${detail})`;
  switch (trouble) {
    case "absent":
      return {
        kind: "absent",
        reason: `there is no keychain in ${sessionName(place)}${system}`,
        hint: DOTENV,
      };
    case "no-collection":
      return {
        kind: "absent",
        reason: "the keyring has no default collection to keep anything in",
        hint: `Make one with the desktop's password manager (Seahorse, KWalletManager). ${DOTENV}`,
      };
    case "library":
      return {
        kind: "absent",
        reason: "the part that talks to keychains (@napi-rs/keyring) is not installed or does not load here",
        hint: `Install stowaway without --omit=optional. ${DOTENV}`,
      };
    case "locked":
      return lockedState(place);
    case "dismissed":
      // Where no dialog can be shown, the service takes it for dismissed.
      return canShowDialog(place)
        ? { kind: "denied", reason: "the keychain's dialog was dismissed", hint: "Run again and answer it." }
        : lockedState(place);
    case "denied":
      return {
        kind: "denied",
        reason: `the keychain refuses access${system}`,
        hint: `Allow it in the system's settings for passwords. ${DOTENV}`,
      };
    case "mute":
      return {
        kind: "mute",
        reason: `the keychain did not answer within ${place.attended ? "a minute" : "3 seconds"}`,
        hint: place.attended
          ? `See whether a dialog of it waits on another screen. ${DOTENV}`
          : `Run it on a terminal to have more time for a dialog. ${DOTENV}`,
      };
    default:
      return { kind: "denied", reason: `the keychain failed${system}`, hint: DOTENV };
  }
}

/** The error for a call that failed. @param names of the items, in the call's order */
export function keychainError(failure: Failure, names: readonly string[], place: Place): KnownError {
  const name = failure.index === null ? "a value" : (names[failure.index] ?? "a value");
  switch (failure.trouble) {
    case "taken":
      return nameTaken(name, "the keychain");
    case "ambiguous":
      return new IncompleteError(
        "keychain-ambiguous",
        `the keychain has two items for ${name}, and one must not be guessed`,
        {
          hint: "Another program wrote the second: delete one of them in the system's password manager.",
        },
      );
    case "lost":
      return new IncompleteError(
        "keychain-lost",
        `the keychain did not keep ${name}: what was read back differs`,
        {
          hint: DOTENV,
        },
      );
    case "damaged":
      return new IncompleteError("keychain-damaged", `the keychain holds only a part of ${name}`, {
        hint: `Set it again: stowaway secrets set ${name}`,
      });
    default: {
      const { kind, reason, hint } = stateOf(failure, place);
      return new IncompleteError(`keychain-${kind}`, reason, { hint });
    }
  }
}

function lockedState(place: Place): Unusable {
  if (place.platform !== "linux" || canShowDialog(place))
    return {
      kind: "locked",
      reason: "the keychain is locked",
      hint: "Unlock it, and run again on a terminal.",
    };
  return {
    kind: "locked",
    reason: `the keychain is locked, and ${sessionName(place)} cannot show its dialog`,
    hint: `Unlock it (gnome-keyring-daemon --unlock reads the password). ${DOTENV}`,
  };
}

function canShowDialog({ env, platform }: Place): boolean {
  return platform !== "linux" || (env["DISPLAY"] ?? "") !== "" || (env["WAYLAND_DISPLAY"] ?? "") !== "";
}

function sessionName({ env, platform }: Place): string {
  if (platform === "linux") {
    if (isSet(env, "WSL_DISTRO_NAME") || isSet(env, "WSL_INTEROP")) return "this WSL session";
    if (isSet(env, "SSH_CONNECTION") || isSet(env, "SSH_TTY")) return "this SSH session";
    if (isSet(env, "container") || existsSync("/.dockerenv") || existsSync("/run/.containerenv"))
      return "this container";
  }
  if (isSet(env, "SSH_CONNECTION")) return "this SSH session";
  return isSet(env, "CI") ? "this CI job" : "this session";
}

function isSet(env: Environment, name: string): boolean {
  return (env[name] ?? "") !== "";
}
