import { drawTable, mix32, shuffled, zipfWeights } from './random.ts';
import { countries, items, referrers } from './vocabulary.ts';

/** What a day's draws look things up in; all of it follows from the seed. */
export interface WorldTables {
  readonly item: Uint16Array;
  readonly referrer: Uint16Array;
  readonly country: Uint8Array;
  /** Which of the pages that belong to no item. */
  readonly page: Uint16Array;
  readonly hour: Uint8Array;
  /** Cents by item. */
  readonly price: Uint32Array;
  /** Ms between two events of a session: from 1 s, with a heavy tail. */
  readonly gapMs: Uint32Array;
}

/** How busy each hour of the day is. */
const hourWeights = [
  [2, 1.3, 1, 0.8, 0.8, 1, 1.6, 2.6, 3.8, 4.8, 5.4, 5.6],
  [5.8, 5.6, 5.4, 5.4, 5.6, 6, 6.6, 7.2, 7.4, 6.6, 5, 3.2],
].flat();

export function makeTables(seed: number): WorldTables {
  const itemWeights = shuffled(zipfWeights(items.length, 0.8), seed + 1);
  return {
    item: drawTable(itemWeights, new Uint16Array(65_536)),
    referrer: drawTable(zipfWeights(referrers.length, 1.2), new Uint16Array(65_536)),
    country: drawTable(zipfWeights(countries.length, 1), new Uint8Array(65_536)),
    page: drawTable(zipfWeights(5000, 0.9), new Uint16Array(65_536)),
    hour: drawTable(hourWeights, new Uint8Array(4096)),
    price: prices(seed),
    gapMs: Uint32Array.from({ length: 4096 }, (_, i) =>
      Math.round(1000 + 4000 * Math.exp(((i + 0.5) / 4096 - 0.2) * 4.2)),
    ),
  };
}

/** Log-normal around 20, by the method of Box and Muller over two hashes of the item. */
function prices(seed: number): Uint32Array {
  return Uint32Array.from(items, (_, i) => {
    const radius = Math.sqrt(-2 * Math.log((mix32(i * 2 + seed) + 1) / 4_294_967_297));
    const angle = (2 * Math.PI * mix32(i * 2 + 1 + seed)) / 4_294_967_296;
    return 299 + Math.round(Math.exp(radius * Math.cos(angle) + 7.6));
  });
}
