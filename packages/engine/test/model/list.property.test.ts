import fc from 'fast-check';
import { expect, test } from 'vitest';
import { listedReportSchema, querySchema } from '@arbor/schema/query';
import type {
  CohortRefInput,
  Filter,
  ListedReport,
  ListPoint,
  Metric,
  PropertyRef,
  Query,
  QueryInput,
} from '@arbor/schema/query';
import type { ListedEvent } from '@arbor/schema/result';
import { compareIds } from '../../src/query/merge/list-order.ts';
import type { PlanContext } from '../../src/query/plan/plan.ts';
import { ask } from './ask.ts';
import { listOf, paged } from './ask-list.ts';
import { buildViews } from './build-views.ts';
import { countedAt, isBehind } from './list-counted.ts';
import { numberAt } from './list-numbers.ts';
import { somePoint } from './list-points.ts';
import { naive, naiveUsers } from './naive.ts';
import { propertyRuns, propertySeed, propertyTimeoutMs } from './property-runs.ts';
import { context, crowdedRange, crowdedWorld, query, world } from './random-worlds.ts';
import { rounded } from './rounded.ts';
import type { World } from './world.ts';

const settings = { numRuns: propertyRuns, seed: propertySeed };

const place = fc.nat({ max: 1_000_000 });

/** Also with many events at one instant. */
const asked = fc.oneof(
  fc.tuple(world, query),
  fc
    .tuple(crowdedWorld, query, crowdedRange)
    .map(([things, question, range]): [World, QueryInput] => [
      things,
      'range' in question ? { ...question, range } : question,
    ]),
);

test(
  `lists who is behind a number as the model does, and as many as it says (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(asked, context, place, ([things, question], zone, at) => {
        const of = listedReportSchema.parse(question);
        const result = naive(things, of, zone);
        const point = somePoint(of, result, at);
        fc.pre(point !== undefined);
        const users = listOf(things, { of, point, what: 'users' }, zone);
        const expected = isOfNumbers(of, point)
          ? users.users
          : usersBehind(things, of, point, zone);
        expect(users.users).toEqual(expected);
        expect(users.total).toBe(users.users.length);
        const counted = countedAt(of, point);
        const list = counted && listOf(things, { of, point, what: counted }, zone);
        expect(list?.total ?? null).toBe(counted && numberAt(result, point));
      }),
      settings,
    );
  },
  propertyTimeoutMs,
);

test(
  `gives the same list by pages of any length (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(asked, context, place, fc.nat(4), ([things, question], zone, at, n) => {
        const of = listedReportSchema.parse(question);
        const point = somePoint(of, naive(things, of, zone), at);
        fc.pre(point !== undefined);
        for (const what of ['users', 'events'] as const) {
          const whole = listOf(things, { of, point, what }, zone);
          expect(whole.next).toBeNull();
          expect(whole[what]).toHaveLength(whole.total);
          expect(paged(things, { of, point, what, limit: n + 1 }, zone)).toEqual(whole[what]);
        }
      }),
      settings,
    );
  },
  propertyTimeoutMs,
);

test(
  `lists events as they were sent, newest first (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(asked, context, place, ([things, question], zone, at) => {
        const of = listedReportSchema.parse(question);
        const point = somePoint(of, naive(things, of, zone), at);
        fc.pre(point !== undefined);
        const { events } = listOf(things, { of, point, what: 'events' }, zone);
        const sent = events.filter(({ event }) => !event.startsWith('$session_'));
        const left = things.events.map(textOf);
        for (const event of sent) {
          const found = left.indexOf(textOf({ ...event, time: event.timeMs }));
          expect(found, JSON.stringify(event)).toBeGreaterThanOrEqual(0);
          left.splice(found, 1);
        }
        for (let i = 1; i < events.length; i++) {
          expect(orderOf(events[i - 1], events[i])).toBeLessThanOrEqual(0);
        }
      }),
      { ...settings, numRuns: Math.ceil(propertyRuns / 3) },
    );
  },
  propertyTimeoutMs,
);

test(
  `takes who is behind a number as a cohort (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(asked, query, context, place, ([things, question], other, zone, at) => {
        const of = listedReportSchema.parse(question);
        const point = somePoint(of, naive(things, of, zone), at);
        fc.pre(point !== undefined && !isOfNumbers(of, point));
        const list = { type: 'list', of, point };
        const ids = usersBehind(things, of, point, zone);
        const report = {
          type: 'conditions' as const,
          filters: [{ type: 'report' as const, list }],
        };
        const expected = naive(things, inCohort(other, { type: 'users', ids }), zone);
        const actual = ask(buildViews(things, 2), inCohort(other, report), zone);
        expect(rounded(actual)).toEqual(rounded(expected));
      }),
      { ...settings, numRuns: Math.ceil(propertyRuns / 2) },
    );
  },
  propertyTimeoutMs,
);

/** The question about the members of a cohort alone. */
function inCohort(question: QueryInput, cohort: CohortRefInput): Query {
  const filter = { type: 'cohort' as const, operator: 'in' as const, cohorts: [cohort] };
  if (question.type === 'cohort') {
    return querySchema.parse({ ...question, filters: [...question.filters, filter] });
  }
  if (question.type === 'list') throw new TypeError('no list is asked about a cohort');
  return querySchema.parse({ ...question, filters: [...(question.filters ?? []), filter] });
}

/** Whether users are behind it by a number of their own, which the number of each alone may not tell from none. */
function isOfNumbers(of: ListedReport, point: ListPoint): boolean {
  if (of.type !== 'insights' || point.type !== 'insights') return false;
  const metric = of.metrics[point.metric];
  return 'measure' in metric && ['per_user', 'distribution'].includes(metric.measure.type);
}

/** Users do not touch each other: whoever is behind a number makes one where he is alone. */
function usersBehind(
  things: World,
  of: ListedReport,
  point: ListPoint,
  zone: PlanContext,
): string[] {
  const known = naiveUsers(things, of, zone, point);
  if (known !== null) return known.sort(compareIds);
  const users = new Set([...things.events.map(({ user }) => user), ...Object.keys(things.people)]);
  users.delete('');
  const alone = withAllSegments(of, point);
  return [...users]
    .filter((user) => isBehind(naive(onlyOf(things, user), alone, zone), point))
    .sort(compareIds);
}

function onlyOf(things: World, user: string): World {
  const profile = Object.entries(things.people).filter(([id]) => id === user);
  return {
    ...things,
    events: things.events.filter((event) => event.user === user),
    people: Object.fromEntries(profile),
  };
}

/**
 * What is not ranked away, and of values how many there are: a sum may be 0. What the other metrics come to is of no
 * matter then.
 */
function withAllSegments(of: ListedReport, point: ListPoint): ListedReport {
  if (of.type === 'cohort') return of;
  if (of.type !== 'insights' || point.type !== 'insights') return { ...of, segmentsMax: 50_000 };
  const { rankBy: _, ...rest } = of;
  const report = { ...rest, segmentsMax: 50_000 };
  const metric = of.metrics[point.metric];
  if (!('measure' in metric)) return report;
  const { measure } = metric;
  if (!('property' in measure) || measure.type === 'distinct_count') return report;
  const hasNumber = isNumber(measure.property);
  const inPlace = (own: Metric): Metric[] => of.metrics.with(point.metric, own);
  if (metric.type === 'people') {
    const filters = [...metric.filters, ...hasNumber];
    return { ...report, metrics: inPlace({ ...metric, measure: { type: 'total' }, filters }) };
  }
  // Not among the filters of the events: the first that passes these may be another one.
  const metrics = inPlace({ ...metric, measure: { type: 'unique' } });
  return { ...report, metrics, filters: [...of.filters, ...hasNumber] };
}

/** What contributes are events and profiles with a number, whatever is made of the numbers. */
function isNumber(property: PropertyRef): Filter[] {
  return [
    { type: 'property', property, operator: 'between', values: [-Infinity, Infinity] },
    // A filter looks at the items of a list, which is no number all the same.
    {
      type: 'property',
      property: { ...property, cast: 'string' },
      operator: 'does_not_contain',
      values: ['['],
    },
  ];
}

function textOf(event: {
  readonly user: string;
  readonly event: string;
  readonly time: number;
  readonly properties: Readonly<Record<string, unknown>>;
}): string {
  const { user, time, properties } = event;
  const own = Object.entries(properties).sort(([left], [right]) => (left < right ? -1 : 1));
  return JSON.stringify([user, event.event, time, own]);
}

function orderOf(left: ListedEvent, right: ListedEvent): number {
  return right.timeMs - left.timeMs || compareIds(left.user, right.user);
}
