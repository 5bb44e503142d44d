import { digestBytes } from '../format/covered-file.ts';

const wordsEach = digestBytes / 4;

/**
 * Digests (format/covered-file.ts) that were seen: 16 bytes and some 8 of hash table each, where a `Set` of
 * texts would take ten times that. The digests are spread evenly, so their first word is their hash.
 */
export class DigestSet {
  readonly #words: Uint32Array;
  /** Index + 1 by first word, open addressing; 0 = free. A power of two long, at most half full. */
  readonly #slots: Uint32Array;

  /** `digests`: one after the other. They are copied. */
  constructor(digests: Uint8Array) {
    this.#words = wordsOf(digests);
    const count = digests.length / digestBytes;
    let slotCount = 16;
    while (slotCount < count * 2) slotCount *= 2;
    this.#slots = new Uint32Array(slotCount);
    for (let i = 0; i < count; i++) {
      const slot = this.#slotOf(this.#words, i * wordsEach);
      if (this.#slots[slot] === 0) this.#slots[slot] = i + 1;
    }
  }

  has(digest: Uint8Array): boolean {
    return this.#slots[this.#slotOf(wordsOf(digest), 0)] !== 0;
  }

  #slotOf(words: Uint32Array, at: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = words[at] & mask;
    while (slots[slot] !== 0 && !this.#isEqual((slots[slot] - 1) * wordsEach, words, at)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #isEqual(own: number, words: Uint32Array, at: number): boolean {
    for (let i = 0; i < wordsEach; i++) if (this.#words[own + i] !== words[at + i]) return false;
    return true;
  }
}

/** A copy: the bytes may lie anywhere, words may not. */
function wordsOf(bytes: Uint8Array): Uint32Array {
  const copy = new Uint8Array(bytes);
  return new Uint32Array(copy.buffer);
}
