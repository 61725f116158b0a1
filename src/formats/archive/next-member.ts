import type { PaxRecords } from "./pax.ts";

/** Shortest stored name that may be the cut form of a longer one; the field has 100 bytes. */
const CUT_FROM = 97;

/** What extended headers have said about the member that follows them. Several headers add up; the later one wins. */
export class NextMember {
  readonly #names: string[] = [];
  readonly #sparseNames: string[] = [];
  readonly #globalNames: string[] = [];
  #sureOfHeader = false;
  /** True while nothing but global headers came since the last member. */
  isEmpty = true;
  link: string | null = null;
  /** As written in pax. */
  size: string | null = null;

  /** @param large some readers pass over this header, so that its member keeps the name of its own header */
  add({ paths, sparseNames, linkpath, size }: PaxRecords, large: boolean): void {
    this.isEmpty = false;
    this.#names.push(...paths);
    this.#sparseNames.push(...sparseNames);
    this.link = linkpath ?? this.link;
    this.size = size ?? this.size;
    this.#sureOfHeader ||= large;
  }

  /** A GNU long name. */
  addName(name: string, large: boolean): void {
    this.isEmpty = false;
    this.#names.push(name);
    this.#sureOfHeader ||= large;
  }

  addLink(link: string): void {
    this.isEmpty = false;
    this.link = link;
  }

  /** A name that a global header gives to all that follows; said once, since the content is each member's own. */
  addGlobal({ paths, sparseNames }: PaxRecords): void {
    this.#globalNames.push(...paths, ...sparseNames);
  }

  /**
   * All names that readers may give the member, the most usual one first; forgets what was said.
   *
   * @param stored the one in the member's own header
   */
  take(stored: string): {
    readonly names: readonly [string, ...string[]];
    readonly link: string | null;
    readonly size: string | null;
  } {
    const told = [...this.#sparseNames.toReversed(), ...this.#names.toReversed()].filter(
      (name) => name !== "",
    );
    const first = told[0] ?? stored;
    const isShortForm = !this.#sureOfHeader && told.some((name) => isCut(stored, name));
    const others = new Set([...told, ...(isShortForm ? [] : [stored]), ...this.#globalNames]);
    others.delete(first);
    const { link, size } = this;
    for (const list of [this.#names, this.#sparseNames, this.#globalNames]) list.length = 0;
    Object.assign(this, { link: null, size: null, isEmpty: true });
    this.#sureOfHeader = false;
    return { names: [first, ...others], link, size };
  }
}

/**
 * Writers put a name that does not fit into the header cut off at its end, or without its letters beyond ASCII; that of
 * a sparse file GNU tar puts into a folder of its own making.
 */
function isCut(stored: string, name: string): boolean {
  if (stored.replace(/GNUSparseFile\.\d+\//, "") === name) return true;
  const whole = stored.replace(/\uFFFD+$/, "");
  if (Buffer.byteLength(stored) >= CUT_FROM && name.startsWith(whole)) return true;
  // eslint-disable-next-line no-control-regex -- what is not ASCII is meant
  const ascii = /[^\0-\x7f]/gu;
  return ascii.test(name) && [name.replace(ascii, "?"), name.replace(ascii, "")].includes(stored);
}
