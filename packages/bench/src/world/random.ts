/** The finaliser of MurmurHash3: every bit of `x` reaches every bit of the answer, 0 … 2^32 − 1. */
export function mix32(x: number): number {
  let h = x ^ (x >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * The sfc32 generator (Chris Doty-Humphrey, PractRand), seeded by a project's seed and a day, so that days
 * can be made in any order and by several processes.
 */
export class DayRandom {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number, day: number) {
    this.#a = mix32(seed * 7919 + day * 2 + 1) | 0;
    this.#b = mix32(seed * 104_729 + day) | 0;
    this.#c = mix32(day + 77) | 0;
    for (let i = 0; i < 20; i++) this.next();
  }

  /** 0 … 2^32 − 1. */
  next(): number {
    const a = this.#a;
    const b = this.#b;
    const c = this.#c;
    const sum = (((a + b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = b ^ (b >>> 9);
    this.#b = (c + (c << 3)) | 0;
    this.#c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
}

type TableArray = Uint8Array | Uint16Array;

/** Draws from weights by one look-up: of 2^bits slots, each index has its share. */
export function drawTable<T extends TableArray>(weights: readonly number[], table: T): T {
  let sum = 0;
  for (const weight of weights) sum += weight;
  let reached = 0;
  let slot = 0;
  weights.forEach((weight, index) => {
    reached += weight;
    const end = Math.min(table.length, Math.round((reached / sum) * table.length));
    while (slot < end) table[slot++] = index;
  });
  table.fill(weights.length - 1, slot);
  return table;
}

/** Weights 1, 1/2^s, 1/3^s …: few of them carry most. */
export const zipfWeights = (count: number, exponent: number): number[] =>
  Array.from({ length: count }, (_, i) => (i + 1) ** -exponent);

/** The same values in an order that only the seed decides. */
export function shuffled(values: readonly number[], seed: number): number[] {
  const order = [...values];
  for (let i = order.length - 1; i > 0; i--) {
    const j = mix32(i * 31 + seed) % (i + 1);
    const kept = order[i];
    order[i] = order[j];
    order[j] = kept;
  }
  return order;
}
