import type { ByteWriter } from '../byte-writer.ts';

/** Collects the distinct strings of a batch; a string's place is the order of its first use. */
export class StringTable {
  readonly #places = new Map<string, number>();

  place(text: string): number {
    let place = this.#places.get(text);
    if (place === undefined) {
      place = this.#places.size;
      this.#places.set(text, place);
    }
    return place;
  }

  /** Varint count; varint byte length of each; then the bytes of all, one after the other. */
  write(writer: ByteWriter): void {
    writer.varint(this.#places.size);
    for (const text of this.#places.keys()) writer.varint(Buffer.byteLength(text));
    for (const text of this.#places.keys()) writer.text(text);
  }
}

/** Collects the distinct lists of property names ("shapes") of a batch's events. */
export class ShapeTable {
  readonly #places = new Map<string, number>();
  readonly #shapes: (readonly number[])[] = [];

  place(names: readonly number[]): number {
    const key = names.join(' ');
    let place = this.#places.get(key);
    if (place === undefined) {
      place = this.#shapes.length;
      this.#places.set(key, place);
      this.#shapes.push(names);
    }
    return place;
  }

  /** Varint count; for each a varint number of names and their places in the string table. */
  write(writer: ByteWriter): void {
    writer.varint(this.#shapes.length);
    for (const names of this.#shapes) {
      writer.varint(names.length);
      for (const name of names) writer.varint(name);
    }
  }
}
