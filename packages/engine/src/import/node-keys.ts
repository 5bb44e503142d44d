import { GrowableBytes, GrowableUint32 } from '../base/growable.ts';
import { isSame } from './byte-interner.ts';
import { type ScanSource, scanSource } from './json-scan.ts';

const colon = 0x3a;

/**
 * By node of the shapes: the last member's name as it is mostly written, with quotes and colon. Records of one
 * program have their members in one order, so that most keys are read by one comparison with what is expected.
 */
export class NodeKeys {
  readonly #texts = new GrowableBytes();
  #source = scanSource(new Uint8Array(0));
  readonly #starts = new GrowableUint32();
  /** 0 = nothing is expected. */
  readonly #lengths = new GrowableUint32();

  /** source[start, end) is the key with its quotes, which was met at this node. */
  learn(node: number, source: Uint8Array, start: number, end: number): void {
    this.#starts.extendTo(node + 1);
    this.#lengths.extendTo(node + 1);
    if (this.#lengths.array[node] !== 0) return;
    this.#starts.array[node] = this.#texts.length;
    this.#lengths.array[node] = end - start + 1;
    this.#texts.append(source, start, end);
    this.#texts.push(colon);
    if (this.#source.bytes !== this.#texts.array) this.#source = scanSource(this.#texts.array);
  }

  /** Place of the value if source at `at` is the key of the node, a colon and no white space; −1 = it is not. */
  endOfKey(node: number, source: ScanSource, at: number, end: number): number {
    if (node >= this.#lengths.length) return -1;
    const length = this.#lengths.array[node];
    const behind = at + length;
    if (length === 0 || behind >= end || source.bytes[behind] <= 0x20) return -1;
    return isSame(this.#source, this.#starts.array[node], source, at, length) ? behind : -1;
  }
}
