import type { PropertyValue } from '@arbor/schema/property-value';
import { type PlainRow, sortPlainRows } from './random-rows.ts';

/**
 * A day of a small shop, in which properties say something of each other as they do in life: sessions with
 * a system and a country, pages, items with their prices. The same seed gives the same day.
 */
export function shopDay(userCount: number, seed: number): PlainRow[] {
  const random = randomOf(seed);
  const pick = (count: number): number => Math.floor(random() ** 2 * count);
  const rows: PlainRow[] = [];
  for (let user = 1; user <= userCount; user++) {
    const session = { $os: `os ${pick(5)}`, country: `c${pick(40)}`, is_new: random() < 0.3 };
    let time = Math.floor(random() * 80_000_000);
    const eventCount = 1 + Math.floor(-Math.log(random()) * 7);
    for (let i = 0; i < eventCount; i++) {
      time += 1 + Math.floor(Math.exp(random() * 10));
      const isItem = random() < 0.3;
      const page = isItem
        ? `https://shop.example/p/item-${pick(500)}`
        : `https://shop.example/c/${pick(90)}`;
      rows.push({
        event: isItem ? 'view_item' : 'page_view',
        user,
        time,
        tieRank: 0,
        sequence: 1_767_225_600_000_000 + Math.floor(time / 1000) * 1_000_000,
        sentTime: null,
        sentId: null,
        insertId: '',
        properties: new Map<string, PropertyValue>([
          ...Object.entries(session),
          ['url', page],
          ...(isItem
            ? ([
                ['item', page.slice(23)],
                ['price', priceOf(page)],
              ] as const)
            : []),
        ]),
      });
    }
  }
  return sortPlainRows(rows);
}

const priceOf = (page: string): number =>
  ((page.length * 7919 + page.charCodeAt(page.length - 1) * 104_729) % 20_000) / 100;

/** A linear congruence: reproducible and good enough to draw from. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 1) / 4_294_967_297;
  };
}
