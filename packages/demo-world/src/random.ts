/**
 * Randomness that is a pure function of its seed, so that a world can be made again bit by bit on any
 * machine. Not for secrets.
 */

/**
 * Mixes up to three integers into 32 well-spread bits. The steps are the finaliser of MurmurHash3, once
 * an input: without the second and third round, neighbouring people would behave alike.
 */
export function hash32(a: number, b = 0, c = 0): number {
  return mix(mix(mix(a | 0) ^ (b | 0)) ^ (c | 0));
}

function mix(value: number): number {
  let h = (value + 0x9e3779b9) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A number in [0, 1) that depends on the three integers alone. */
export function uniform(a: number, b = 0, c = 0): number {
  return hash32(a, b, c) / 0x1_0000_0000;
}

/** A stream of random numbers (mulberry32: one word of state, far longer than any visit needs). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** In [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** An integer in [0, end). */
  below(end: number): number {
    return Math.floor(this.next() * end);
  }

  /** An integer in [low, high]. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** One of the choices, each as likely as its weight says. */
  weighted<T extends { readonly weight: number }>(choices: readonly T[]): T {
    let sum = 0;
    for (const choice of choices) sum += choice.weight;
    let rest = this.next() * sum;
    for (const choice of choices) {
      rest -= choice.weight;
      if (rest < 0) return choice;
    }
    return choices[choices.length - 1] as T;
  }

  /** Waiting time with this mean, as between visitors who know nothing of one another. */
  exponential(mean: number): number {
    return -Math.log(1 - this.next()) * mean;
  }
}

/** A version 4 UUID made of hashed bits: the form a browser's device id has. */
export function uuidOf(a: number, b: number): string {
  const hex = [0, 1, 2, 3].map((word) => hash32(a, b, word).toString(16).padStart(8, '0')).join('');
  const variant = '89ab'[parseInt(hex.charAt(16), 16) & 3];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}
