import type { PropertyValue } from '@arbor/schema/property-value';
import { firstAndLast, unitedUsers } from '../../src/query/host/active-users.ts';
import type {
  CodeArray,
  DayRows,
  EventRows,
  ScanColumn,
  ScanDictionary,
  ScanSource,
} from '../../src/query/scan/scan-source.ts';

const dayMs = 86_400_000;

/** Events by their share of the rows, in percent; the last four columns belong to those that have an item. */
const shares: readonly (readonly [string, number])[] = [
  ['page_view', 45],
  ['view_item', 21],
  ['search', 9],
  ['add_to_cart', 6],
  ['checkout', 3],
  ['purchase', 2],
  ['signup', 1],
  ['login', 6],
  ['logout', 1],
  ['app_open', 4],
  ['share', 1],
  ['support_click', 1],
];
const eventsWithItem = new Set(['view_item', 'add_to_cart', 'checkout', 'purchase']);

export const syntheticStartMs = Date.UTC(2026, 0, 1);

/**
 * A shop of made-up visitors for measuring: `days` days from 2026-01-01, about `rows` rows, one user for
 * 40 rows, of whom few have most; about eight rows a user and day, neighbours alike. The same every time.
 */
export function syntheticSource({ rows, days }: { rows: number; days: number }): ScanSource {
  const random = randomNumbers(42);
  const userCount = Math.max(100, Math.round(rows / 40));
  const shop = makeShop(userCount, random);
  return {
    eventNames: shares.map(([name]) => name),
    userCount,
    mergedUsers: new Uint32Array(),
    days: Array.from({ length: days }, (_, day) => makeDay(day, rows / days, shop, random)),
    userId: (ordinal) => (ordinal === 0 ? '' : `user-${ordinal}`),
    personColumn: (name) => shop.people.get(name),
  };
}

interface Shop {
  readonly userCount: number;
  readonly countries: Uint8Array;
  readonly people: ReadonlyMap<string, ScanColumn>;
}

function makeShop(userCount: number, random: () => number): Shop {
  const countries = new Uint8Array(userCount + 1);
  const plans = new Uint8Array(userCount + 1);
  const spent = new Uint16Array(userCount + 1);
  for (let user = 1; user <= userCount; user++) {
    countries[user] = 1 + Math.floor(40 * random() ** 2.5);
    plans[user] = 1 + Math.floor(4 * random() ** 2);
    spent[user] = 1 + Math.floor(999 * random() ** 12);
  }
  return {
    userCount,
    countries,
    people: new Map([
      ['plan', { codes: plans, dictionary: texts('plan', 4) }],
      ['spent', { codes: spent, dictionary: numbers(999, (code) => code) }],
    ]),
  };
}

/** One row of the day before it is sorted by event. */
interface DayTable {
  readonly events: Uint8Array;
  readonly users: Uint32Array;
  readonly times: Uint32Array;
  readonly columns: ReadonlyMap<string, CodeArray>;
}

function makeDay(day: number, wanted: number, shop: Shop, random: () => number): DayRows {
  const table = fillTable(Math.round(wanted), shop, random);
  // Each day has dictionaries of its own, as segments have.
  const dictionaries = new Map<string, ScanDictionary>([
    ['country', texts('C', 40)],
    ['os', texts('os', 6)],
    ['item', texts('item', 5000)],
    ['price', numbers(10_000, (code) => code / 100 + (code % 7) * 11)],
  ]);
  const events = shares.map(([name], event) => sortOut(table, event, name, dictionaries));
  const filled = events.filter((e) => e.rowCount > 0);
  const users = unitedUsers(filled);
  const { firsts, lasts } = firstAndLast(filled, users);
  return {
    startMs: syntheticStartMs + day * dayMs,
    events: filled,
    activity: { users, firstTimes: firsts, lastTimes: lasts },
  };
}

function fillTable(rowCount: number, shop: Shop, random: () => number): DayTable {
  const events = new Uint8Array(rowCount);
  const users = new Uint32Array(rowCount);
  const times = new Uint32Array(rowCount);
  const country = new Uint8Array(rowCount);
  const os = new Uint8Array(rowCount);
  const item = new Uint16Array(rowCount);
  const price = new Uint16Array(rowCount);
  // As many visits as there is room for, by ascending user; popular ones have low ordinals or high alike.
  const visits = new Uint32Array(Math.ceil(rowCount / 8));
  for (let i = 0; i < visits.length; i++) {
    const rank = Math.floor(shop.userCount * random() ** 1.7);
    visits[i] = 1 + ((rank * 7919) % shop.userCount);
  }
  visits.sort();
  for (let row = 0, visit = 0; row < rowCount; visit++) {
    const user = visits[Math.min(visit, visits.length - 1)];
    const length = Math.min(1 + Math.floor(-8 * Math.log(1 - random())), rowCount - row);
    const system = 1 + Math.floor(6 * random() ** 2);
    let time =
      visit > 0 && users[row - 1] === user ? times[row - 1] + 1 : Math.floor(6e7 * random());
    for (const end = row + length; row < end; row++) {
      events[row] = eventAt(random());
      users[row] = user;
      times[row] = time;
      time = Math.min(time + 1 + Math.floor(60_000 * random()), dayMs - 1);
      country[row] = random() < 0.03 ? 1 + Math.floor(40 * random()) : shop.countries[user];
      os[row] = system;
      item[row] = 1 + Math.floor(5000 * random() ** 2);
      price[row] = item[row] * 2 - (random() < 0.125 ? 1 : 0);
    }
  }
  const columns = new Map<string, CodeArray>([
    ['country', country],
    ['os', os],
    ['item', item],
    ['price', price],
  ]);
  return { events, users, times, columns };
}

function eventAt(share: number): number {
  let rest = share * 100;
  const event = shares.findIndex(([, percent]) => (rest -= percent) < 0);
  return event < 0 ? 0 : event;
}

function sortOut(
  table: DayTable,
  event: number,
  name: string,
  dictionaries: ReadonlyMap<string, ScanDictionary>,
): EventRows {
  const rows: number[] = [];
  for (let row = 0; row < table.events.length; row++)
    if (table.events[row] === event) rows.push(row);
  const users: number[] = [];
  const starts: number[] = [];
  rows.forEach((row, i) => {
    if (users[users.length - 1] === table.users[row]) return;
    users.push(table.users[row]);
    starts.push(i);
  });
  const columns = new Map<string, ScanColumn>();
  for (const [property, codes] of table.columns) {
    const dictionary = dictionaries.get(property);
    const onlyItems = property === 'item' || property === 'price';
    if (!dictionary || (onlyItems && !eventsWithItem.has(name))) continue;
    const own =
      property === 'country' || property === 'os'
        ? new Uint8Array(rows.length)
        : new Uint16Array(rows.length);
    rows.forEach((row, i) => {
      own[i] = codes[row];
    });
    columns.set(property, { codes: own, dictionary });
  }
  return {
    event,
    rowCount: rows.length,
    users: Uint32Array.from(users),
    starts: Uint32Array.from([...starts, rows.length]),
    times: Uint32Array.from(rows, (row) => table.times[row]),
    tieRanks: null,
    column: (property) => columns.get(property),
  };
}

function texts(prefix: string, count: number): ScanDictionary {
  const values: PropertyValue[] = [null];
  for (let code = 1; code <= count; code++) values.push(`${prefix}-${code}`);
  return { values, numbers: new Float64Array(count + 1).fill(NaN) };
}

function numbers(count: number, numberOf: (code: number) => number): ScanDictionary {
  const own = new Float64Array(count + 1).fill(NaN);
  for (let code = 1; code <= count; code++) own[code] = Math.round(100 * numberOf(code)) / 100;
  return { values: [null, ...own.subarray(1)], numbers: own };
}

/** mulberry32: small, and good enough to measure with. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
