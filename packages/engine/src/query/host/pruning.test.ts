import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { PropertyValue } from '@arbor/schema/property-value';
import { querySchema, type QueryInput } from '@arbor/schema/query';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { naive } from '../../../test/model/naive.ts';
import { rounded } from '../../../test/model/rounded.ts';
import { type Layout, worldSnapshot } from '../../../test/model/world-snapshot.ts';
import type { World } from '../../../test/model/world.ts';
import { mergePartials } from '../merge/merge.ts';
import { planQuery } from '../plan/plan.ts';
import { readPartial, ScanHost } from './scan-host.ts';

const midnight = Date.UTC(2024, 2, 10);
const [hourMs, dayMs] = [3_600_000, 86_400_000];
const zone = { timezone: 'UTC', weekStart: 1, nowMs: Date.UTC(2025, 0, 1) };
const files: Layout = { parts: 1, inMemory: 0, copyEvery: 0, mergedEvery: 0, hiddenEvery: 0 };
const days = 4;

/**
 * On each of four days ada and bob view at one o'clock, for 1 to 3, and buy at five, for 7 to 9: "View" on the first
 * two days in color red, later blue, and with tags a and b, "Buy" without a color and without tags.
 */
const world: World = {
  people: {},
  events: Array.from({ length: days }, (_, day) =>
    ['ada', 'bob'].flatMap((user) =>
      [1, 2, 3].flatMap((price) => {
        const at = (hour: number): number => midnight + day * dayMs + hour * hourMs + price;
        const properties: Record<string, PropertyValue> = {
          price,
          color: day < 2 ? 'red' : 'blue',
          tags: ['a', 'b'],
        };
        return [
          { user, event: 'View', time: at(1), properties },
          { user, event: 'Buy', time: at(5), properties: { price: price + 6 } },
        ];
      }),
    ),
  ).flat(),
};

type Operator = 'greater_than' | 'equals' | 'does_not_equal' | 'is_not_set';
const filter = (name: string, operator: Operator, ...values: (string | number)[]) => ({
  type: 'property' as const,
  property: { scope: 'event' as const, name },
  operator,
  values,
});
const of = (event: string | null, ...filters: ReturnType<typeof filter>[]) => ({
  anyOf: [{ event, filters }],
});
const range = { from: '2024-03-10', to: '2024-03-13' };
const unique = (...filters: ReturnType<typeof filter>[]): QueryInput => ({
  type: 'insights',
  range,
  metrics: [{ selector: of(null, ...filters), measure: { type: 'unique' } }],
});

let folder: string;
let host: ScanHost;
let snapshots = 0;

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-pruning-'));
  host = ScanHost.create({ threads: 2, cacheBytes: 2 ** 22 });
});
afterAll(async () => {
  await host.close();
  fs.rmSync(folder, { recursive: true });
}, 120_000);

/** How many events of days are decoded for the question, and to how many bytes; its answer is the model's. */
async function decoded(question: QueryInput, layout = files) {
  const snapshot = worldSnapshot(world, layout, { folder, name: `${snapshots++}` });
  const before = host.stats();
  const plan = planQuery(querySchema.parse(question), zone);
  const ask = async () => {
    const { partials, rowsScanned } = await host.run(plan, snapshot);
    const result = mergePartials(plan, partials.map(readPartial), null);
    expect(rounded(result)).toEqual(rounded(naive(world, querySchema.parse(question), zone)));
    return rowsScanned;
  };
  const rowsScanned = await ask();
  const { loads, cacheBytes } = host.stats();
  // Once more, when it is known what can be left out.
  expect(await ask()).toBe(rowsScanned);
  expect(host.stats()).toMatchObject({ loads, cacheBytes });
  return { loads: loads - before.loads, bytes: cacheBytes - before.cacheBytes };
}

describe('of an event of a day nothing is decoded', () => {
  it('where no value between its least and its greatest one passes', async () => {
    const all = await decoded(unique(filter('price', 'greater_than', 0)));
    expect(all.loads).toBe(2 * days);
    const dear = await decoded(unique(filter('price', 'greater_than', 6)));
    expect(dear).toEqual({ loads: days, bytes: all.bytes / 2 });
    const cheap = await decoded(unique(filter('price', 'equals', 2)));
    expect(cheap).toEqual({ loads: days, bytes: all.bytes / 2 });
    expect(await decoded(unique(filter('price', 'greater_than', 9)))).toEqual({
      loads: 0,
      bytes: 0,
    });
  });

  it('where the dictionary of the day lacks what would pass', async () => {
    expect((await decoded(unique(filter('color', 'equals', 'red')))).loads).toBe(2);
    const none = { loads: 0, bytes: 0 };
    expect(await decoded(unique(filter('color', 'equals', 'green')))).toEqual(none);
  });

  it('unless what is missing passes', async () => {
    // Red on two days, and events without a color.
    expect((await decoded(unique(filter('color', 'does_not_equal', 'blue')))).loads).toBe(2 + days);
    expect((await decoded(unique(filter('color', 'is_not_set')))).loads).toBe(days);
    expect((await decoded(unique(filter('size', 'is_not_set')))).loads).toBe(2 * days);
  });

  it('where no list passes, any item of it and all of them judged apart', async () => {
    const views = (...quantifiers: ('any' | 'all')[]): QueryInput => ({
      type: 'insights',
      range,
      metrics: quantifiers.map((quantifier) => {
        const tagged = { ...filter('tags', 'equals', 'a'), quantifier };
        return { selector: of('View', tagged), measure: { type: 'total' } };
      }),
    });
    expect((await decoded(views('any'))).loads).toBe(days);
    expect((await decoded(views('all'))).loads).toBe(0);
    // The one has been judged by the time that the other is.
    expect((await decoded(views('all', 'any'))).loads).toBe(days);
  });

  it('where the range begins or ends in the day and has none of its rows', async () => {
    const total = (from: string, to: string): QueryInput => ({
      type: 'insights',
      range: { from, to },
      metrics: [{ selector: of(null), measure: { type: 'total' } }],
    });
    // Of days that the range has as a whole files say how many rows there are.
    expect((await decoded(total('2024-03-10T02:00:00Z', '2024-03-12T00:00:00Z'))).loads).toBe(1);
    expect((await decoded(total('2024-03-10T00:30:00Z', '2024-03-12T00:00:00Z'))).loads).toBe(2);
    expect((await decoded(total('2024-03-10T06:00:00Z', '2024-03-12T04:00:00Z'))).loads).toBe(1);
    const gap = total('2024-03-10T02:00:00Z', '2024-03-10T04:00:00Z');
    expect(await decoded(gap)).toEqual({ loads: 0, bytes: 0 });
  });

  it('of a step of a funnel, of births and returns, and of what makes a cohort', async () => {
    const dear = filter('price', 'greater_than', 8);
    const never = filter('price', 'greater_than', 10);
    const window = { value: 1, unit: 'day' } as const;
    const funnel = (...steps: ReturnType<typeof of>[]): QueryInput => ({
      type: 'funnel',
      range,
      steps,
      window,
    });
    expect((await decoded(funnel(of(null, dear), of('Buy')))).loads).toBe(days);
    expect((await decoded(funnel(of('View', dear), of('Buy', never)))).loads).toBe(0);
    const retention: QueryInput = {
      type: 'retention',
      range,
      unit: 'day',
      intervals: 2,
      birth: of('View', filter('color', 'equals', 'red')),
      return: of('Buy', never),
    };
    expect((await decoded(retention)).loads).toBe(2);
    const cohort: QueryInput = {
      type: 'cohort',
      filters: [
        {
          type: 'behavior',
          selector: of('View', filter('color', 'equals', 'blue')),
          span: { type: 'range', ...range },
          count: { operator: 'at_least', value: 1 },
        },
      ],
    };
    expect((await decoded(cohort)).loads).toBe(2);
  });

  it('where the rows of each user are gathered', async () => {
    const perUser: QueryInput = {
      type: 'insights',
      range,
      metrics: [
        {
          selector: of(null, filter('color', 'equals', 'red')),
          measure: { type: 'frequency', over: { type: 'average' } },
        },
      ],
    };
    expect((await decoded(perUser)).loads).toBe(2);
  });

  it('where none of several files of the day has what would pass', async () => {
    const spread = { ...files, parts: 2, copyEvery: 3, mergedEvery: 2 };
    const red = unique(filter('color', 'equals', 'red'));
    expect((await decoded(red, spread)).loads).toBe(2);
    expect((await decoded(unique(filter('color', 'equals', 'green')), spread)).loads).toBe(0);
  });
});
