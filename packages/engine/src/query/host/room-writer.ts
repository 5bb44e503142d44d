import { assert } from '../../base/assert.ts';
import type { CodeArray, ColumnMemory } from '../../format/segment/column-memory.ts';
import { alignedBytes, type Extent } from './arena.ts';
import { spanArray, wordArray } from './span-array.ts';
import type { LoadedDictionary, LoadedPiece, PieceName, Span } from './thread-messages.ts';

/** Puts pieces one after the other into an extent: copied there, or decoded there in the first place. */
export class RoomWriter {
  readonly #extent: Extent;
  readonly #buffer: SharedArrayBuffer;
  readonly #memory: ColumnMemory;
  #used = 0;
  /** Of the piece at hand, once it has an array. */
  #span: Span | null = null;

  constructor(extent: Extent, buffer: SharedArrayBuffer) {
    this.#extent = extent;
    this.#buffer = buffer;
    this.#memory = {
      bytes: (count) => new Uint8Array(buffer, this.#take(count, 1).offset, count),
      halves: (count) => new Uint16Array(buffer, this.#take(count, 2).offset, count),
      words: (count) => wordArray(this.#take(count, 4), buffer),
    };
  }

  /** Null = the piece is empty. */
  write(name: PieceName, array: CodeArray | null, dictionary?: LoadedDictionary): LoadedPiece {
    this.#span = null;
    if (array === null) return { name, span: null };
    const span = this.#take(array.length, array.BYTES_PER_ELEMENT as Span['width']);
    spanArray(span, this.#buffer).set(array);
    return dictionary === undefined ? { name, span } : { name, span, dictionary };
  }

  /** `make` asks the memory for the one array of the piece; for none where the piece is empty. */
  decode(name: PieceName, make: (memory: ColumnMemory) => void): LoadedPiece {
    this.#span = null;
    make(this.#memory);
    return { name, span: this.#span };
  }

  /** The same for codes, which `make` may also have in an array of their own; undefined = the piece is empty. */
  column(
    name: PieceName,
    make: (memory: ColumnMemory) => { codes: CodeArray; dictionary: LoadedDictionary } | undefined,
  ): LoadedPiece {
    this.#span = null;
    const made = make(this.#memory);
    if (made === undefined) return { name, span: null };
    const { codes, dictionary } = made;
    return this.#span === null
      ? this.write(name, codes, dictionary)
      : { name, span: this.#span, dictionary };
  }

  #take(length: number, width: Span['width']): Span {
    const { slab, offset, bytes } = this.#extent;
    assert(this.#span === null, () => 'a piece has one array');
    const span = { slab, offset: offset + this.#used, length, width };
    this.#used += alignedBytes(length * width);
    assert(this.#used <= bytes, () => `a piece needs more than the ${bytes} bytes of its room`);
    this.#span = span;
    return span;
  }
}
