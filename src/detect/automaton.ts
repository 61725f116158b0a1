/**
 * Aho-Corasick as one flat table over byte classes: a step is a shift and a load, a hit one comparison.
 * Letters of both cases share a class, so that matching ignores ASCII case.
 */
export interface Automaton {
  /** `table[(state << shift) | class]` is the next state. */
  readonly table: Uint16Array;
  /** Class of each byte value. */
  readonly classes: Uint8Array;
  readonly shift: number;
  /** States from here on report something. */
  readonly accept: number;
  /** Keyword numbers by accepting state: `outputs[state - accept]`. */
  readonly outputs: readonly (readonly number[])[];
  /** Bytes of the longest keyword. */
  readonly longest: number;
}

/** The automaton without its table, from which `unfold` makes it in a fraction of a millisecond. */
export interface FoldedAutomaton extends Omit<Automaton, "table" | "classes"> {
  /** The 256 classes in base64. */
  readonly classes: string;
  readonly states: number;
  /** States in breadth-first order, each as id, failure link, edge count, then class and target an edge. */
  readonly trie: readonly number[];
}

interface Node {
  readonly next: Map<number, number>;
  readonly out: number[];
  fail: number;
}

/** Byte classes: 0 for every byte that no keyword has. */
function classify(keywords: readonly Uint8Array[]): { classes: Uint8Array; count: number } {
  const classes = new Uint8Array(256);
  let count = 1;
  for (const byte of new Set(keywords.flatMap((word) => [...word]))) {
    classes[byte] = count;
    if (byte >= 0x61 && byte <= 0x7a) classes[byte - 32] = count;
    count += 1;
  }
  return { classes, count };
}

function step(nodes: readonly Node[], from: number, byteClass: number): number {
  for (let state = from; ; state = nodes[state]?.fail ?? 0) {
    const to = nodes[state]?.next.get(byteClass);
    if (to !== undefined) return to;
    if (state === 0) return 0;
  }
}

/** The trie, and its states in breadth-first order, with failure links and inherited outputs. */
function buildTrie(keywords: readonly Uint8Array[], classes: Uint8Array): { nodes: Node[]; order: number[] } {
  const nodes: Node[] = [{ next: new Map(), out: [], fail: 0 }];
  for (const [number, word] of keywords.entries()) {
    let at = 0;
    for (const byte of word) {
      const byteClass = classes[byte] ?? 0;
      const to = nodes[at]?.next.get(byteClass) ?? nodes.push({ next: new Map(), out: [], fail: 0 }) - 1;
      nodes[at]?.next.set(byteClass, to);
      at = to;
    }
    nodes[at]?.out.push(number);
  }
  const order = [0];
  for (const from of order)
    for (const [byteClass, to] of nodes[from]?.next ?? []) {
      const node = nodes[to];
      if (node === undefined) continue;
      if (from !== 0) node.fail = step(nodes, nodes[from]?.fail ?? 0, byteClass);
      node.out.push(...(nodes[node.fail]?.out ?? []));
      order.push(to);
    }
  return { nodes, order };
}

/**
 * Builds the automaton of a set of keywords, folded.
 *
 * @param words in lower case, each of one byte or more; at most 65,535 states in all
 */
export function foldAutomaton(words: readonly string[]): FoldedAutomaton {
  const keywords = words.map((word) => Buffer.from(word));
  const { classes, count } = classify(keywords);
  const { nodes, order } = buildTrie(keywords, classes);
  if (nodes.length > 0xffff) throw new Error(`${nodes.length} states do not fit into 16 bits`);
  // Accepting states get the highest ids, so that one comparison tells a hit.
  const silent = order.filter((node) => nodes[node]?.out.length === 0);
  const loud = order.filter((node) => nodes[node]?.out.length !== 0);
  const id = new Map([...silent, ...loud].map((node, index) => [node, index]));
  const trie = order.flatMap((node) => {
    const { fail, next } = nodes[node] ?? { fail: 0, next: new Map<number, number>() };
    const edges = [...next].flatMap(([byteClass, to]) => [byteClass, id.get(to) ?? 0]);
    return [id.get(node) ?? 0, id.get(fail) ?? 0, next.size, ...edges];
  });
  return {
    trie,
    classes: Buffer.from(classes).toString("base64"),
    states: nodes.length,
    shift: Math.ceil(Math.log2(count)),
    accept: silent.length,
    outputs: loud.map((node) => nodes[node]?.out ?? []),
    longest: Math.max(0, ...keywords.map((word) => word.length)),
  };
}

/** Makes the table: a state's row is that of its failure link, but for its own edges. */
export function unfold({ trie, classes, states, ...rest }: FoldedAutomaton): Automaton {
  const { shift } = rest;
  const width = 1 << shift;
  const table = new Uint16Array(states << shift);
  for (let at = 0; at < trie.length;) {
    const row = (trie[at] ?? 0) << shift;
    const inherited = (trie[at + 1] ?? 0) << shift;
    const edges = trie[at + 2] ?? 0;
    at += 3;
    if (row !== inherited) table.copyWithin(row, inherited, inherited + width);
    for (const end = at + edges * 2; at < end; at += 2) table[row + (trie[at] ?? 0)] = trie[at + 1] ?? 0;
  }
  return { ...rest, table, classes: new Uint8Array(Buffer.from(classes, "base64")) };
}

/** Bytes walked at once: bounds the hit list to 2 MB, whatever the text. */
const BLOCK = 1 << 18;

/**
 * Finds every keyword, in text order.
 *
 * Two halves of a block are walked in one loop: the loads of one hide the latency of the other (nearly twice the speed
 * of one chain on texts of more than a few KB).
 *
 * @param onHit called with the offset behind the keyword's last byte and the keyword numbers that end there
 */
export function findKeywords(
  automaton: Automaton,
  bytes: Uint8Array,
  onHit: (end: number, keywords: readonly number[]) => void,
): void {
  const { table, classes, accept, shift, outputs, longest } = automaton;
  const overlap = Math.max(0, longest - 1);
  const capacity = Math.min(bytes.length, BLOCK);
  const first = new Int32Array(capacity + 2);
  const second = new Int32Array(capacity + 2);
  for (let from = 0; from < bytes.length; from += BLOCK) {
    const to = Math.min(bytes.length, from + BLOCK);
    const middle = from + ((to - from) >> 1);
    let a = 0;
    let b = 0;
    for (let i = Math.max(0, from - overlap); i < from; i += 1)
      a = table[(a << shift) | classes[bytes[i]!]!]!;
    for (let i = Math.max(0, middle - overlap); i < middle; i += 1)
      b = table[(b << shift) | classes[bytes[i]!]!]!;
    let found = 0;
    let later = 0;
    let j = middle;
    for (let i = from; i < middle; i += 1, j += 1) {
      a = table[(a << shift) | classes[bytes[i]!]!]!;
      b = table[(b << shift) | classes[bytes[j]!]!]!;
      if (a >= accept) {
        first[found++] = i + 1;
        first[found++] = a;
      }
      if (b >= accept) {
        second[later++] = j + 1;
        second[later++] = b;
      }
    }
    for (; j < to; j += 1) {
      b = table[(b << shift) | classes[bytes[j]!]!]!;
      if (b >= accept) {
        second[later++] = j + 1;
        second[later++] = b;
      }
    }
    for (let k = 0; k < found; k += 2) onHit(first[k]!, outputs[first[k + 1]! - accept] ?? []);
    for (let k = 0; k < later; k += 2) onHit(second[k]!, outputs[second[k + 1]! - accept] ?? []);
  }
}
