import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { listedReportSchema, type QueryInput } from '@arbor/schema/query';
import type { QueryResult } from '@arbor/schema/result';
import { noDefinitions } from '../../src/query/plan/plan-scope.ts';
import { countsTogether, type PlanContext } from '../../src/query/plan/plan.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPartial, ScanHost } from '../../src/query/host/scan-host.ts';
import { listQuery } from '../model/ask-list.ts';
import { answerAsync, later } from '../model/ask.ts';
import type { World } from '../model/world.ts';
import { worldShards, worldSnapshot } from '../model/world-snapshot.ts';
import { d1, did, event, only, person } from './sample-data.ts';

/** reports.md 21: company sent on events, u1 and u3 = X, u2 = Y, u4 none; of X and Y there are profiles. */
const companies: Readonly<Record<string, string>> = { u1: 'X', u2: 'Y', u3: 'X' };
const withCompanies: World = {
  events: d1.events.map((one) => {
    const company = companies[one.user];
    return company ? { ...one, properties: { ...one.properties, company } } : one;
  }),
  people: d1.people,
  groups: {
    company: { X: { size: 'small', seats: 3 }, Y: { size: 'large' }, Z: { size: 'none' } },
  },
};

let folder: string;
let host: ScanHost;
let snapshots = 0;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-reports-groups-'));
  host = ScanHost.create({ threads: 2, cacheBytes: 2 ** 24 });
});
afterAll(async () => {
  await host.close();
  fs.rmSync(folder, { recursive: true });
}, 120_000);

async function ask(
  world: World,
  query: QueryInput,
  context: Partial<PlanContext> = {},
): Promise<QueryResult> {
  const layout = { parts: 2, inMemory: 1, copyEvery: 0, mergedEvery: 0, hiddenEvery: 0 };
  const snapshot = worldSnapshot(world, layout, { folder, name: `${snapshots++}` });
  return answerAsync(query, { ...later, shardCount: 1, ...context }, async (plan) => {
    const { partials } = await host.run(plan, snapshot);
    return partials.map(readPartial);
  });
}

type Insights = Extract<QueryInput, { type: 'insights' }>;

/** By metric the range values by segment. */
async function totalsOf(world: World, part: Partial<Insights>) {
  const result = await ask(world, {
    type: 'insights',
    range: { from: '2024-03-04', to: '2024-03-12' },
    unit: 'total',
    metrics: [{ selector: only('Play'), measure: { type: 'total' } }],
    ...part,
  });
  if (result.type !== 'insights') throw new Error(result.type);
  const totals: Record<string, number | null>[] = [];
  for (const { metric, segment, total } of result.series) {
    (totals[metric] ??= {})[segment?.text ?? 'Overall'] = total;
  }
  return totals;
}

const unique = { selector: only('Play'), measure: { type: 'unique' as const } };
const total = { selector: only('Play'), measure: { type: 'total' as const } };

test('21: unique companies for Play are 2; the event without a company is left out', async () => {
  const [companiesOfPlay] = await totalsOf(withCompanies, {
    metrics: [unique],
    groupKey: 'company',
  });
  expect(companiesOfPlay).toEqual({ Overall: 2 });
});

test('21: total of Play counted by company X 4, Y 2', async () => {
  const breakdowns = [{ property: event('company') }];
  const [plays] = await totalsOf(withCompanies, { breakdowns, groupKey: 'company' });
  expect(plays).toEqual({ Overall: 6, X: 4, Y: 2 });
});

test('21: an event of X and Y adds 1 to both but 1 to the overall total, beside what groups do', async () => {
  const events = [
    ...withCompanies.events,
    did('u5', 'Play', '03-12 11:00', { company: ['X', 'Y'] }),
  ];
  const world = { ...withCompanies, events };
  const [plays, groups] = await totalsOf(world, {
    metrics: [total, unique],
    breakdowns: [{ property: event('company') }],
    groupKey: 'company',
  });
  expect(plays).toEqual({ Overall: 7, X: 5, Y: 3 });
  expect(groups).toEqual({ Overall: 2, X: 1, Y: 1 });
});

test('21: a funnel of a company combines all its users', async () => {
  const result = await ask(
    {
      people: {},
      events: [
        did('a', 'Signup', '03-04 09:00', { company: 'X' }),
        did('b', 'Play', '03-04 10:00', { company: 'X' }),
        did('c', 'Signup', '03-04 09:00', { company: 'Y' }),
        did('d', 'Play', '03-04 10:00'),
      ],
    },
    {
      type: 'funnel',
      range: { from: '2024-03-04', to: '2024-03-12' },
      steps: [only('Signup'), only('Play')],
      groupKey: 'company',
    },
  );
  expect(result.type === 'funnel' && result.steps.map(({ count }) => count)).toEqual([2, 1]);
});

test('21: companies are retained by whoever of theirs comes back', async () => {
  const result = await ask(
    {
      people: {},
      events: [
        did('a', 'Play', '03-04 09:00', { company: 'X' }),
        did('b', 'Play', '03-05 10:00', { company: 'X' }),
        did('c', 'Play', '03-04 09:00', { company: 'Y' }),
      ],
    },
    {
      type: 'retention',
      range: { from: '2024-03-04', to: '2024-03-04' },
      birth: only('Play'),
      return: only('Play'),
      unit: 'day',
      intervals: 2,
      criterion: 'on',
      groupKey: 'company',
    },
  );
  expect(result.type === 'retention' && result.cohorts).toMatchObject([
    { size: 2, counts: [0, 1] },
  ]);
});

test('3.3: properties of groups join through the group of the event; of several groups as of a list', async () => {
  const size = { scope: 'group' as const, groupKey: 'company', name: 'size' };
  const breakdowns = [{ property: size }];
  const events = [
    ...withCompanies.events,
    did('u5', 'Play', '03-12 11:00', { company: ['X', 'Y', 'W'] }),
  ];
  const [plays] = await totalsOf({ ...withCompanies, events }, { breakdowns });
  expect(plays).toEqual({ Overall: 8, small: 5, large: 3, '(not set)': 2 });
  const filters = [
    { type: 'property' as const, property: size, operator: 'equals' as const, values: ['small'] },
  ];
  expect(await totalsOf(withCompanies, { filters })).toEqual([{ Overall: 4 }]);
});

test('21: where companies are counted, users are whoever did an event', async () => {
  const [plays] = await totalsOf(withCompanies, {
    metrics: [unique],
    breakdowns: [{ property: person('plan') }],
    groupKey: 'company',
  });
  // X has u1 (pro) and u3 (free).
  expect(plays).toEqual({ Overall: 2, pro: 2, free: 1 });
});

test('4.6: the list behind a number of groups has the groups and their profiles', async () => {
  const result = await ask(
    withCompanies,
    listQuery({
      of: listedReportSchema.parse({
        type: 'insights',
        range: { from: '2024-03-04', to: '2024-03-12' },
        unit: 'total',
        metrics: [unique],
        groupKey: 'company',
      }),
      point: { type: 'insights', metric: 0, segment: null, bucket: null, compared: false },
      what: 'users',
      columns: ['size', 'seats'],
    }),
  );
  expect(result).toMatchObject({
    users: ['X', 'Y'],
    profiles: [{ size: 'small', seats: 3 }, { size: 'large' }],
  });
});

test('21: a company is one however many shards its users lie on', async () => {
  const layout = { parts: 2, inMemory: 1, copyEvery: 0, mergedEvery: 0, hiddenEvery: 0 };
  const shards = worldShards(withCompanies, 3, layout, { folder, name: `${snapshots++}` });
  // u1 and u3, both of company X, are apart.
  const lying = shards.map(({ users }) => Buffer.from(users.bytes).toString());
  expect(lying.findIndex((ids) => ids.includes('u1'))).not.toBe(
    lying.findIndex((ids) => ids.includes('u3')),
  );
  const query: QueryInput = {
    type: 'insights',
    range: { from: '2024-03-04', to: '2024-03-12' },
    unit: 'total',
    metrics: [unique, total],
    breakdowns: [{ property: event('company') }],
    groupKey: 'company',
  };
  const result = await answerAsync(query, { ...later, shardCount: 3 }, async (plan) => {
    expect(countsTogether(plan)).toBe(true);
    const { partials } = await host.runTogether(plan, shards);
    return partials.map(readPartial);
  });
  if (result.type !== 'insights') throw new Error(result.type);
  expect(
    result.series.map(({ metric, segment, total: number }) => [metric, segment?.text, number]),
  ).toEqual([
    [0, undefined, 2],
    [0, 'X', 1],
    [0, 'Y', 1],
    [1, undefined, 6],
    [1, 'X', 4],
    [1, 'Y', 2],
  ]);
});

test('9.1, 21: who is behind a number of companies is no condition on users', async () => {
  const query: QueryInput = {
    type: 'cohort',
    filters: [
      {
        type: 'report',
        list: {
          type: 'list',
          of: {
            type: 'insights',
            range: { from: '2024-03-04', to: '2024-03-12' },
            metrics: [unique],
            groupKey: 'company',
          },
          point: { type: 'insights', metric: 0 },
        },
      },
    ],
  };
  await expect(ask(withCompanies, query)).rejects.toThrow(
    'a condition names groups of "company", and the report does not count them: give it this groupKey',
  );
});

test('21: profiles of users are no groups', async () => {
  const insights = (metric: object): QueryInput =>
    ({
      type: 'insights',
      range: { from: '2024-03-04', to: '2024-03-12' },
      unit: 'total',
      metrics: [metric],
      groupKey: 'company',
    }) as QueryInput;
  const people = { type: 'people', filters: [], measure: { type: 'total' } };
  await expect(ask(withCompanies, insights(people))).rejects.toThrow(
    'profiles are those of users: leave out groupKey, or count events',
  );
  const formula = {
    scope: 'event',
    name: 'f',
    computed: { type: 'formula', expression: 'user["plan"]' },
  };
  await expect(
    ask(withCompanies, { ...insights(unique), breakdowns: [{ property: formula }] } as QueryInput),
  ).rejects.toThrow('the formula of "f" reads user["plan"], and groups are counted');
});

test('14: a property of groups says of which, and is worked out from its value alone', async () => {
  const by = (property: object) =>
    totalsOf(withCompanies, { breakdowns: [{ property }] } as Partial<Insights>);
  await expect(by({ scope: 'group', name: 'size' })).rejects.toThrow(
    '"size" is a property of groups: say of which groupKey',
  );
  await expect(by({ scope: 'event', name: 'size', groupKey: 'company' })).rejects.toThrow(
    '"size" is of no group: take groupKey off, or give it the scope group',
  );
  const computed = { type: 'until_next' };
  await expect(by({ scope: 'group', groupKey: 'company', name: 'size', computed })).rejects.toThrow(
    '"size" is of groups: of the computed properties it takes lookup and items only',
  );
});

test('18, 21: groups are found under every name of a group key that was merged, once', async () => {
  const names = ['company', 'Company'];
  const definitions = {
    ...noDefinitions,
    propertyNames: (name: string) => (names.includes(name) ? names : undefined),
  };
  const events = [
    did('a', 'Play', '03-04 09:00', { company: 'X' }),
    did('b', 'Play', '03-04 10:00', { Company: 'X' }),
    did('c', 'Play', '03-04 11:00', { Company: ['Y', 'X'], company: null }),
    did('d', 'Play', '03-04 12:00', { company: 'Y', Company: 'W' }),
  ];
  const query: QueryInput = {
    type: 'insights',
    range: { from: '2024-03-04', to: '2024-03-12' },
    unit: 'total',
    metrics: [unique, total],
    breakdowns: [{ property: { scope: 'group', groupKey: 'company', name: 'size' } }],
    groupKey: 'Company',
  };
  const world = {
    people: {},
    events,
    groups: { company: withCompanies.groups?.['company'] ?? {} },
  };
  const result = await ask(world, query, { definitions });
  if (result.type !== 'insights') throw new Error(result.type);
  const texts = result.series.map(({ metric, segment, total: number }) => {
    return `${metric} ${segment?.text ?? 'Overall'} ${String(number)}`;
  });
  expect(texts).toEqual([
    '0 Overall 2',
    '0 large 1',
    '0 small 1',
    '1 Overall 4',
    '1 small 3',
    '1 large 2',
  ]);
});

test('9, 21: cohorts beside groupKey are of groups, also where events are counted', async () => {
  // X did Play four times and Y twice; one event more is of both.
  const both = did('u5', 'Play', '03-12 11:00', { company: ['X', 'Y'] });
  const world = { ...withCompanies, events: [...withCompanies.events, both] };
  const often = {
    type: 'conditions' as const,
    name: 'often',
    filters: [
      {
        type: 'behavior' as const,
        selector: only('Play'),
        count: { operator: 'at_least' as const, value: 4 },
        span: { type: 'ever' as const },
      },
    ],
  };
  const small = {
    type: 'conditions' as const,
    name: 'small',
    filters: [
      {
        type: 'property' as const,
        property: person('size'),
        operator: 'equals' as const,
        values: ['small'],
      },
    ],
  };
  const metrics = [total, unique];
  const within = (operator: 'in' | 'not_in', cohort: typeof often | typeof small) =>
    totalsOf(world, {
      metrics,
      groupKey: 'company',
      filters: [{ type: 'cohort', operator, cohorts: [cohort] }],
    } as Partial<Insights>);
  // X alone did it four times: as many as its events, of which that of both is one.
  expect(await within('in', often)).toEqual([{ Overall: 5 }, { Overall: 1 }]);
  expect(await within('not_in', often)).toEqual([{ Overall: 3 }, { Overall: 1 }]);
  expect(await within('in', small)).toEqual([{ Overall: 5 }, { Overall: 1 }]);
  const split = await ask(world, {
    type: 'insights',
    range: { from: '2024-03-04', to: '2024-03-12' },
    unit: 'total',
    metrics,
    groupKey: 'company',
    breakdowns: [{ type: 'cohort', cohorts: [small] }],
  });
  const lines = split.type === 'insights' ? split.series : [];
  expect(lines.map(({ metric, segment, total: own }) => [metric, segment?.type, own])).toEqual([
    [0, undefined, 7],
    [0, 'in', 5],
    [0, 'not_in', 3],
    [1, undefined, 2],
    [1, 'in', 1],
    [1, 'not_in', 1],
  ]);
});

test('9.1, 21: who is behind a number of companies is a condition on companies beside events, too', async () => {
  const behindDay: QueryInput = {
    type: 'list',
    of: {
      type: 'insights',
      range: { from: '2024-03-06', to: '2024-03-06' },
      unit: 'total',
      metrics: [unique],
      groupKey: 'company',
    },
    point: { type: 'insights', metric: 0 },
  };
  // Only u3 and u1, both of X, played on 03-06.
  const [plays] = await totalsOf(withCompanies, {
    groupKey: 'company',
    filters: [
      {
        type: 'cohort',
        operator: 'in',
        cohorts: [{ type: 'conditions', filters: [{ type: 'report', list: behindDay }] }],
      },
    ],
  } as Partial<Insights>);
  expect(plays).toEqual({ Overall: 4 });
});

test('9, 21: beside a property that very many groups have, cohorts are of groups all the same', async () => {
  // Filters are written as lists of groups up to ten thousand.
  const names = Array.from({ length: 10_050 }, (_, n) => `c${n}`);
  const world: World = {
    events: names.map((company) => did('u1', 'Play', '03-05 10:00', { company })),
    people: {},
    groups: { company: Object.fromEntries(names.map((name) => [name, { plan: 'pro' }])) },
  };
  const pro = {
    type: 'property' as const,
    property: { scope: 'group' as const, groupKey: 'company', name: 'plan' },
    operator: 'equals' as const,
    values: ['pro'],
  };
  const [plays] = await totalsOf(world, {
    metrics: [total],
    groupKey: 'company',
    filters: [
      pro,
      { type: 'cohort', operator: 'not_in', cohorts: [{ type: 'users', ids: names.slice(0, 50) }] },
    ],
  } as Partial<Insights>);
  expect(plays).toEqual({ Overall: 10_000 });
}, 60_000);
