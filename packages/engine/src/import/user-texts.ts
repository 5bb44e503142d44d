import { GrowableBytes } from '../base/growable.ts';

const pageBits = 16;
const pageUsers = 1 << pageBits;

/** Ids of users whose numbers have the same high bits: text i is bytes[ends[i − 1], ends[i]). */
interface Page {
  bytes: Uint8Array;
  readonly ends: Uint32Array;
}

/**
 * The distinct ids of an import by number, as UTF-8. Outside of the heap of V8, where thirty million strings would take
 * a gigabyte and a half: four bytes more than its bytes is what an id takes here. In pages, so that to grow copies little.
 */
export class UserTexts {
  readonly #pages: Page[] = [];
  /** Bytes of the last page. */
  #last = new GrowableBytes();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Takes source[start, end) as the next one. */
  push(source: Uint8Array, start: number, end: number): void {
    const place = this.#count & (pageUsers - 1);
    if (place === 0) this.#beginPage();
    this.#last.append(source, start, end);
    const page = this.#pages[this.#pages.length - 1];
    page.bytes = this.#last.array;
    page.ends[place] = this.#last.length;
    this.#count++;
  }

  /** "" of a number that was not given. */
  text(user: number): string {
    if (user >= this.#count) return '';
    const { bytes, ends } = this.#pages[user >>> pageBits];
    const place = user & (pageUsers - 1);
    const start = place === 0 ? 0 : ends[place - 1];
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(
      'utf8',
      start,
      ends[place],
    );
  }

  #beginPage(): void {
    const full = this.#pages[this.#pages.length - 1];
    if (full !== undefined) full.bytes = full.bytes.slice(0, this.#last.length);
    this.#last = new GrowableBytes();
    this.#pages.push({ bytes: this.#last.array, ends: new Uint32Array(pageUsers) });
  }
}
