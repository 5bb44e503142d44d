import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Filter, FilterInput } from '@arbor/schema/query';
import { insightsQuerySchema } from '@arbor/schema/query';
import { plainScope } from '../../../test/model/plain-scope.ts';
import { matches } from '../../../test/model/naive-selection.ts';
import { lookupIn, passes } from '../../../test/model/naive-values.ts';
import { propertyRuns, propertySeed } from '../../../test/model/property-runs.ts';
import { insightsQuery, world } from '../../../test/model/random-worlds.ts';
import { buildScanSource } from '../../../test/model/scan-source.ts';
import type { World } from '../../../test/model/world.ts';
import { planFilters, planSelector } from '../plan/filters.ts';
import type { EventMatch, RowMatch } from './row-mask.ts';
import { compileMatch } from './row-mask.ts';
import type { EventRows, ScanSource } from './scan-source.ts';

const shop: World = {
  events: [
    { user: '', event: 'Buy', time: 1, properties: { price: 5 } },
    { user: 'ada', event: 'Buy', time: 1, properties: { price: 5 } },
    { user: 'ada', event: 'Buy', time: 2, properties: { price: 20 } },
    { user: 'bob', event: 'Buy', time: 1, properties: { price: 20 } },
    { user: 'bob', event: 'See', time: 1, properties: {} },
    { user: 'bob', event: '$identify', time: 1, properties: {} },
  ],
  people: { ada: { plan: 'pro' }, bob: { plan: 'free' } },
};

const filter = (
  scope: 'event' | 'person',
  name: string,
  operator: 'equals' | 'greater_than' | 'is_set' | 'is_not_set',
  ...values: (string | number)[]
): Filter => ({ type: 'property', property: { scope, name }, operator, values });

function compile(
  event: string | null,
  filters: readonly Filter[],
  source = buildScanSource(shop),
): { match: RowMatch; source: ScanSource } {
  const selector = planSelector({ anyOf: [{ event, filters: [...filters] }] }, plainScope());
  return { match: compileMatch(selector, [], source), source };
}

/** The event's match, and what it says of all its rows: a judgement, or their mask. */
function judged(event: string, asked: string | null, ...filters: Filter[]) {
  const { match, source } = compile(asked, filters);
  const rows = rowsOf(source, event);
  const own = match.ofEvent(rows.event);
  return { own, says: own === null ? null : maskOf(own, rows, 0, rows.rowCount) };
}

function rowsOf(source: ScanSource, event: string): EventRows {
  const rows = source.days[0].events.find((each) => source.eventNames[each.event] === event);
  if (!rows) throw new Error(`no ${event}`);
  return rows;
}

function maskOf(own: EventMatch, rows: EventRows, first: number, end: number) {
  const mask = new Uint8Array(end - first).fill(7);
  const judgement = own.judge(rows, first, end, mask);
  return judgement === 'some' ? Array.from(mask) : judgement;
}

test('an event that nobody asked for has no match, and any event leaves out the protocol', () => {
  expect(judged('See', 'Buy').own).toBe(null);
  expect(judged('$identify', null).own).toBe(null);
  expect(judged('See', null).says).toBe('all');
});

test('rows are judged by the value they have', () => {
  expect(judged('Buy', 'Buy', filter('event', 'price', 'greater_than', 10)).says).toEqual([
    0, 0, 1, 1,
  ]);
});

test('users are judged once a user, nobody included', () => {
  const { own, says } = judged('Buy', 'Buy', filter('person', 'plan', 'equals', 'pro'));
  expect(own).toMatchObject({ usersDecide: true, users: Uint8Array.of(0, 1, 0) });
  expect(says).toEqual([0, 1, 1, 0]);
});

test('the id of an event is that of its user', () => {
  const { own, says } = judged('Buy', 'Buy', filter('event', '$distinct_id', 'equals', 'bob'));
  expect(own?.usersDecide).toBe(true);
  expect(says).toEqual([0, 0, 0, 1]);
});

test('what holds for every row costs no mask', () => {
  expect(judged('Buy', 'Buy', filter('event', 'price', 'greater_than', 100)).says).toBe('none');
  expect(judged('See', null, filter('event', 'price', 'is_set')).says).toBe('none');
  expect(judged('See', null, filter('event', 'price', 'is_not_set')).says).toBe('all');
  expect(judged('See', null, filter('event', '$event_name', 'equals', 'Buy')).says).toBe('none');
});

test('a slice has a mask of its own length', () => {
  const { match, source } = compile('Buy', [
    filter('event', 'price', 'equals', 5),
    filter('person', 'plan', 'equals', 'pro'),
  ]);
  const rows = rowsOf(source, 'Buy');
  const own = match.ofEvent(rows.event);
  if (own === null) throw new Error('no match');
  expect(maskOf(own, rows, 1, 3)).toEqual([1, 0]);
  expect(maskOf(own, rows, 2, 4)).toEqual([0, 0]);
});

/** Deeper than the random queries go: groups in groups, of users and rows together. */
const nested = insightsQuery.chain((question) => {
  const { filters, metrics } = insightsQuerySchema.parse(question);
  const inner = metrics.flatMap((metric) =>
    metric.type === undefined || metric.type === 'events'
      ? metric.selector.anyOf.flatMap((match) => match.filters)
      : [],
  );
  const group: FilterInput[] = [
    {
      type: 'any',
      filters: [...inner, { type: 'all', filters: [...filters, ...inner] }, ...filters],
    },
  ];
  return fc.constantFrom(filters, inner.length + filters.length === 0 ? [] : group).map((own) => {
    const [first] = metrics;
    if (!('selector' in first)) throw new Error('the model asks for events alone');
    return { selector: first.selector, filters: insightsQuerySchema.shape.filters.parse(own) };
  });
});

test(`lets through the rows that the model does, in any slice (seed ${propertySeed})`, () => {
  fc.assert(
    fc.property(world, nested, fc.nat(), fc.nat(), (things, { selector, filters }, from, to) => {
      const source = buildScanSource(things);
      const match = compileMatch(
        planSelector(selector, plainScope()),
        planFilters(filters, plainScope()),
        source,
      );
      for (const day of source.days) {
        for (const rows of day.events) {
          const [first, end] = [from % (rows.rowCount + 1), to % (rows.rowCount + 1)].sort(
            (left, right) => left - right,
          );
          const expected = passing(things, { source, rows, startMs: day.startMs }, (event) => {
            const lookup = lookupIn(things, event);
            return matches(selector, event, things) && filters.every((own) => passes(own, lookup));
          });
          const own = match.ofEvent(rows.event);
          const says = own === null ? 'none' : maskOf(own, rows, first, end);
          const actual =
            typeof says === 'string'
              ? expected.slice(first, end).map(() => Number(says === 'all'))
              : says;
          expect(actual).toEqual(expected.slice(first, end));
        }
      }
    }),
    { numRuns: propertyRuns, seed: propertySeed },
  );
});

/** 1 by row of an event on a day, in the order of the source, where the event passes. */
function passing(
  things: World,
  { source, rows, startMs }: { source: ScanSource; rows: EventRows; startMs: number },
  test: (event: World['events'][number]) => boolean,
): number[] {
  const users = Array.from(rows.users).flatMap((user, run) =>
    Array.from({ length: rows.starts[run + 1] - rows.starts[run] }, () => source.userId(user)),
  );
  const name = source.eventNames[rows.event];
  const left = new Set(things.events);
  return users.map((user, row) => {
    const found = [...left].find(
      (event) =>
        event.user === user && event.event === name && event.time === startMs + rows.times[row],
    );
    if (!found) throw new Error('no such event');
    left.delete(found);
    return Number(test(found));
  });
}
