const BYTES = 256;
const ROOT = 0;
const NONE = -1;
/** Bytes that are looked at together to see whether a needle can be near. */
const BLOCK = 3;
const HASHES = 2 ** 16;
/** A window wider than this would not make the look any faster. */
const WIDEST_WINDOW = 64;

/**
 * Finds all of many byte strings in one pass, by an automaton after Aho and Corasick ("Efficient string matching", 1975).
 * States are numbers; 0 is the first.
 */
export interface Automaton {
  /** By state: length of its text, the longest end of what was read that begins a needle. */
  readonly depth: Int32Array;
  /** By state: length of the longest needle that ends there; 0 where none does. */
  readonly found: Int32Array;
  /** State after one more byte. */
  readonly next: (state: number, byte: number) => number;
  /** The text of a state. */
  readonly textOf: (state: number) => Buffer;
  /**
   * Passes over bytes at which no needle begins, in the first state.
   *
   * @param from offset to begin at
   * @returns offset to go on at, not before `from`; at most the number of bytes
   */
  readonly skip: (bytes: Uint8Array, from: number) => number;
}

interface Trie {
  readonly size: number;
  /** By state: the byte that leads to it, and from where. */
  readonly label: Uint8Array;
  readonly parent: Int32Array;
  /** By state: index of the needle that it was made for. */
  readonly owner: Int32Array;
  readonly depth: Int32Array;
  readonly found: Int32Array;
  /** The state that follows without any failure; -1 where there is none. */
  readonly step: (state: number, byte: number) => number;
}

/**
 * Builds the automaton; time and size are proportional to the needles' bytes.
 *
 * @param needles at least one, each of three bytes or more
 */
export function buildAutomaton(needles: readonly Buffer[]): Automaton {
  const { size, label, parent, owner, depth, found, step } = plant(needles);
  const fail = new Int32Array(size);
  const next = (state: number, byte: number): number => {
    for (let at = state; ; at = fail[at] ?? ROOT) {
      const to = step(at, byte);
      if (to !== NONE) return to;
      if (at === ROOT) return ROOT;
    }
  };
  for (const state of byDepth(depth, size)) {
    const from = parent[state] ?? ROOT;
    const target = from === ROOT ? ROOT : next(fail[from] ?? ROOT, label[state] ?? 0);
    fail[state] = target;
    if (found[state] === 0) found[state] = found[target] ?? 0;
  }
  const textOf = (state: number): Buffer =>
    (needles[owner[state] ?? 0] ?? Buffer.alloc(0)).subarray(0, depth[state]);
  return { depth, found, next, textOf, skip: skipper(needles) };
}

/**
 * The needles as a trie. A needle's states follow each other, so one with a single successor needs no table: it is the
 * state after it. Tables are needed where needles part, so there are fewer than needles.
 */
function plant(needles: readonly Buffer[]): Trie {
  // One more than there can be states: the one after the last is looked at too.
  const most = needles.reduce((sum, needle) => sum + needle.length, 2);
  const numbers = (): Int32Array => new Int32Array(most);
  const [parent, owner, depth, found] = [numbers(), numbers(), numbers(), numbers()];
  const label = new Uint8Array(most);
  const table = numbers().fill(NONE);
  const rows = new Int32Array((needles.length + 1) * BYTES).fill(NONE);
  table[ROOT] = 0;
  let [size, tables] = [1, 1];
  const step = (state: number, byte: number): number => {
    const row = table[state] ?? NONE;
    if (row !== NONE) return rows[row * BYTES + byte] ?? NONE;
    return label[state + 1] === byte && parent[state + 1] === state ? state + 1 : NONE;
  };
  const join = (state: number, to: number): void => {
    if (table[state] === NONE) {
      if (to === state + 1) return;
      table[state] = tables++;
      if (parent[state + 1] === state)
        rows[(table[state] ?? 0) * BYTES + (label[state + 1] ?? 0)] = state + 1;
    }
    rows[(table[state] ?? 0) * BYTES + (label[to] ?? 0)] = to;
  };
  for (const [index, needle] of needles.entries()) {
    let state = ROOT;
    for (const byte of needle) {
      let to = step(state, byte);
      if (to === NONE) {
        to = size++;
        label[to] = byte;
        parent[to] = state;
        owner[to] = index;
        depth[to] = (depth[state] ?? 0) + 1;
        join(state, to);
      }
      state = to;
    }
    found[state] = needle.length;
  }
  return { size, label, parent, owner, depth, found, step };
}

/** All states but the first, those nearer to it before the others. */
function byDepth(depth: Int32Array, size: number): Int32Array {
  let deepest = 0;
  for (let state = 1; state < size; state += 1) deepest = Math.max(deepest, depth[state] ?? 0);
  const starts = new Int32Array(deepest + 2);
  for (let state = 1; state < size; state += 1) {
    const after = (depth[state] ?? 0) + 1;
    starts[after] = (starts[after] ?? 0) + 1;
  }
  for (let at = 1; at < starts.length; at += 1) starts[at] = (starts[at] ?? 0) + (starts[at - 1] ?? 0);
  const order = new Int32Array(size - 1);
  for (let state = 1; state < size; state += 1) {
    const at = depth[state] ?? 0;
    order[starts[at] ?? 0] = state;
    starts[at] = (starts[at] ?? 0) + 1;
  }
  return order;
}

/**
 * Looks at the last bytes of a window as wide as the shortest needle, and moves it by as much as no needle allows to stand
 * between (Wu and Manber, "A fast algorithm for multi-pattern searching", 1994).
 */
function skipper(needles: readonly Buffer[]): Automaton["skip"] {
  const window = needles.reduce((least, needle) => Math.min(least, needle.length), WIDEST_WINDOW);
  const shift = new Uint8Array(HASHES).fill(window - BLOCK + 1);
  for (const needle of needles)
    for (let end = BLOCK; end <= window; end += 1) {
      const hash = hashBefore(needle, end);
      shift[hash] = Math.min(shift[hash] ?? 0, window - end);
    }
  return (bytes, from) => {
    let at = from;
    for (const last = bytes.length - window; at <= last;) {
      const move = shift[hashBefore(bytes, at + window)] ?? 0;
      if (move === 0) return at;
      at += move;
    }
    return at;
  };
}

function hashBefore(bytes: Uint8Array, end: number): number {
  return (
    (((bytes[end - 3] ?? 0) << 11) ^ ((bytes[end - 2] ?? 0) << 5) ^ (bytes[end - 1] ?? 0)) & (HASHES - 1)
  );
}
