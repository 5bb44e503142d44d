import type { SegmentRows } from '../../format/segment/segment-rows.ts';
import { GrowableBytes } from '../../base/growable.ts';
import type { MergeUsers } from './event-part.ts';

/** Where each row of a merged day comes from: index of the part, and row of that part. */
export interface DaySources {
  readonly parts: Uint16Array;
  readonly rows: Uint32Array;
}

/** What a merged day holds of its rows besides users, times and properties. */
export class MergedEnvelope {
  readonly #parts: readonly SegmentRows[];
  readonly #sources: DaySources;
  readonly #users: MergeUsers;

  constructor(parts: readonly SegmentRows[], sources: DaySources, users: MergeUsers) {
    this.#parts = parts;
    this.#sources = sources;
    this.#users = users;
  }

  /** Sequences that some row has, and which one by row. */
  batches(): Pick<SegmentRows, 'batchSequences' | 'batches'> {
    const { parts, rows } = this.#sources;
    const used = this.#parts.map(({ batchSequences }) => new Uint8Array(batchSequences.length));
    for (let row = 0; row < rows.length; row++) {
      used[parts[row]][this.#parts[parts[row]].batches[rows[row]]] = 1;
    }
    const sequences = this.#parts.flatMap(({ batchSequences }, p) =>
      Array.from(batchSequences).filter((_, batch) => used[p][batch] === 1),
    );
    const batchSequences = Float64Array.from(new Set(sequences)).sort();
    const places = new Map(Array.from(batchSequences, (sequence, place) => [sequence, place]));
    const targets = this.#parts.map((part) =>
      Uint32Array.from(part.batchSequences, (sequence) => places.get(sequence) ?? 0),
    );
    const batches = new Uint32Array(rows.length);
    for (let row = 0; row < rows.length; row++) {
      batches[row] = targets[parts[row]][this.#parts[parts[row]].batches[rows[row]]];
    }
    return { batchSequences, batches };
  }

  sentTimes(): ReadonlyMap<number, number> {
    const found = new Map<number, number>();
    if (this.#parts.every(({ sentTimes }) => sentTimes.size === 0)) return found;
    const { parts, rows } = this.#sources;
    for (let row = 0; row < rows.length; row++) {
      const time = this.#parts[parts[row]].sentTimes.get(rows[row]);
      if (time !== undefined) found.set(row, time);
    }
    return found;
  }

  /** Rows that go to another user keep the id they were sent with. `users` = by merged row. */
  sentIds(users: Uint32Array): Pick<SegmentRows, 'sentIds' | 'sentIdTexts'> {
    const { parts, rows } = this.#sources;
    const texts = new Texts();
    const targets = this.#parts.map(({ sentIdTexts }) => new Uint32Array(sentIdTexts.length));
    const sentIds = new Uint32Array(rows.length);
    for (let row = 0; row < rows.length; row++) {
      const source = this.#parts[parts[row]];
      const code = source.sentIds[rows[row]];
      const user = source.users[rows[row]];
      if (user !== users[row]) {
        const text = code === 0 ? this.#users.userId(user) : source.sentIdTexts[code];
        sentIds[row] = text === this.#users.userId(users[row]) ? 0 : texts.code(text);
      } else if (code !== 0) {
        const target = targets[parts[row]];
        sentIds[row] = target[code] ||= texts.code(source.sentIdTexts[code]);
      }
    }
    return { sentIds, sentIdTexts: texts.list };
  }

  insertIds(): SegmentRows['insertIds'] {
    const { parts, rows } = this.#sources;
    const bytes = new GrowableBytes();
    bytes.reserve(this.#parts.reduce((sum, part) => sum + part.insertIds.bytes.length, 0));
    const ends = new Uint32Array(rows.length);
    for (let row = 0; row < rows.length; row++) {
      const source = this.#parts[parts[row]].insertIds;
      const at = rows[row];
      bytes.append(source.bytes, at === 0 ? 0 : source.ends[at - 1], source.ends[at]);
      ends[row] = bytes.length;
    }
    return { bytes: bytes.array.slice(0, bytes.length), ends };
  }
}

/** Texts numbered from 1 in the order in which they are first asked for. */
class Texts {
  readonly list: string[] = [''];
  readonly #codes = new Map<string, number>();

  code(text: string): number {
    let code = this.#codes.get(text);
    if (code === undefined) {
      code = this.list.push(text) - 1;
      this.#codes.set(text, code);
    }
    return code;
  }
}
