import type { Breakdown, EventSelector, PropertyBreakdown, Query } from '@arbor/schema/query';
import type { Segment } from '@arbor/schema/result';
import type { PlanContext } from '../../src/query/plan/plan.ts';
import { segmentsBy } from './naive-breakdowns.ts';
import { matches } from './naive-selection.ts';
import { naiveRange } from './naive-time.ts';
import { allSegments, lookupIn, passes } from './naive-values.ts';
import type { World } from './world.ts';

type Buckets = NonNullable<PropertyBreakdown['buckets']>;

/** 3.7: the question with the buckets that its automatic ones are. */
export function withAutoBuckets<Q extends Query>(query: Q, world: World, context: PlanContext): Q {
  if (!('breakdowns' in query)) return query;
  const breakdowns = query.breakdowns.map((own): Breakdown =>
    own.type !== 'cohort' && own.buckets?.type === 'auto'
      ? { ...own, buckets: bucketsFor(thingsOf(own, query, world, context)) }
      : own,
  );
  return { ...query, breakdowns };
}

interface Thing {
  /** Of a list its items. */
  readonly segments: readonly Segment[];
  readonly isList: boolean;
}

/** What events of the report in its range have, of those that pass its filters. */
function thingsOf(
  { property }: PropertyBreakdown,
  query: Extract<Query, { breakdowns: unknown }>,
  world: World,
  { timezone }: PlanContext,
): Thing[] {
  const { startMs, endMs } = naiveRange(query.range.from, query.range.to, timezone);
  const selectors = selectorsOf(query);
  return world.events
    .filter(({ time }) => time >= startMs && time < endMs)
    .filter((event) => selectors.some((selector) => matches(selector, event, world)))
    .filter((event) => query.filters.every((filter) => passes(filter, lookupIn(world, event))))
    .map((event) => {
      const lookup = lookupIn(world, event);
      const asked = { breakdowns: [{ property }], filters: query.filters };
      return {
        segments: segmentsBy(asked, lookup, world),
        isList: Array.isArray(lookup(property)),
      };
    });
}

function selectorsOf(query: Extract<Query, { breakdowns: unknown }>): EventSelector[] {
  switch (query.type) {
    case 'insights':
      return query.metrics.flatMap((metric) => ('selector' in metric ? [metric.selector] : []));
    case 'funnel':
      return query.steps;
    case 'retention':
      return [query.birth, query.return];
    case 'frequency':
      return [query.selector];
    case 'flow':
      return query.anchors.map(({ selector }) => selector);
  }
}

/**
 * Plain values where there are at most twelve and the numbers of them whole, else at most twelve buckets of a round
 * width, from the least to the greatest number that is a value by itself.
 */
function bucketsFor(things: readonly Thing[]): Buckets {
  const numbersOf = ({ segments }: Thing): number[] =>
    segments.filter(({ type }) => type === 'number').map(({ text }) => Number(text));
  const numbers = things.filter(({ isList }) => !isList).flatMap(numbersOf);
  if (numbers.length === 0) return { type: 'none' };
  const withNumbers = things.filter((thing) => numbersOf(thing).length > 0);
  const values = allSegments(withNumbers.map(({ segments }) => [...segments]));
  if (values.length <= 12 && withNumbers.flatMap(numbersOf).every(Number.isInteger)) {
    const isMixed = things.some(
      (thing) =>
        numbersOf(thing).length === 0 &&
        (thing.isList || thing.segments.some(({ type }) => type !== 'not_set')),
    );
    return { type: isMixed ? 'numbers' : 'none' };
  }
  const [min, max] = [Math.min(...numbers), Math.max(...numbers)];
  const widths = Array.from({ length: 30 }, (_, n) => n - 15).flatMap((power) =>
    [1, 2, 2.5, 5].map((digits) => Number(`${digits}e${power}`)),
  );
  for (const size of widths) {
    const at = (n: number): number => Number((n * size).toPrecision(15));
    const first = Math.floor(Number((min / size).toPrecision(12)));
    const end = Math.floor(Number((max / size).toPrecision(12))) + 1;
    if (max > min || size >= 1) {
      if (end - first <= 12) return { type: 'even', min: at(first), max: at(end), size };
    }
  }
  throw new Error(`no width: ${min} ${max}`);
}
