import fc from 'fast-check';
import type { QueryInput } from '@arbor/schema/query';
import type { Segment } from '@arbor/schema/result';
import type { World } from './world.ts';

/** Options that any of the random reports may be given beside its own. */

type Report = Extract<QueryInput, { range: unknown }>;

export function isReport(query: QueryInput): query is Report {
  return 'range' in query;
}

/** Segments that the values of random worlds make, and one that none does. */
const segment: fc.Arbitrary<Segment> = fc.constantFrom<Segment[]>(
  { type: 'string', text: 'x' },
  { type: 'number', text: '1' },
  { type: 'number', text: '2.5' },
  { type: 'boolean', text: 'true' },
  { type: 'not_set', text: '(not set)' },
  { type: 'string', text: 'nobody has it' },
);
const segments = fc.uniqueArray(segment, { selector: ({ text }) => text, maxLength: 3 });
const byProperty = fc
  .constantFrom('event' as const, 'event' as const, 'person' as const)
  .chain((scope) => fc.constantFrom('p', 'n').map((name) => [{ property: { scope, name } }]));

/** With segments that are named (3.8), and in funnels one that the others are judged against (5.10). */
export function withSegments(query: fc.Arbitrary<QueryInput>): fc.Arbitrary<QueryInput> {
  return fc
    .tuple(query, segments, byProperty, fc.option(segment, { nil: undefined }), fc.boolean())
    .map(([asked, named, breakdowns, control, isNamed]): QueryInput => {
      switch (asked.type) {
        case 'insights': {
          const { rankBy: _, ...report } = asked;
          return { ...report, breakdowns, segments: report.metrics.map(() => named) };
        }
        case 'funnel': {
          const { compareEvents: _, ...report } = asked;
          const own = { ...report, breakdowns, ...(control && { control }) };
          return isNamed ? { ...own, segments: named } : own;
        }
        case 'retention':
          return { ...asked, breakdowns, segments: named };
        case 'frequency':
        case 'flow':
        case 'cohort':
        case 'list':
        case 'users':
          return asked;
      }
    });
}

const hourMs = 3_600_000;

/** With buckets from moment to moment, as no calendar has them (insights, and funnels by entry). */
export function withEdges(query: fc.Arbitrary<QueryInput>): fc.Arbitrary<QueryInput> {
  const steps = fc.array(fc.constantFrom(1, 5, 24, 24, 72, 7 * 24, 0.5), {
    minLength: 1,
    maxLength: 4,
  });
  const first = fc.constantFrom(0, 0, 30, 24 * 5, 24 * 24 + 1).map((hours) => {
    return Date.UTC(2024, 2, 8) + hours * hourMs;
  });
  return fc.tuple(query, first, steps).map(([asked, startMs, lengths]): QueryInput => {
    if (asked.type !== 'insights' && asked.type !== 'funnel') return asked;
    const edges = [new Date(startMs).toISOString()];
    let at = startMs;
    for (const hours of lengths) edges.push(new Date((at += hours * hourMs)).toISOString());
    const { unit = 'day' } = asked;
    return { ...asked, edges, unit: unit === 'total' ? 'day' : unit } as QueryInput;
  });
}

/** Broken down by numbers whose buckets are left to the engine. */
export function withAutomaticBuckets(query: fc.Arbitrary<QueryInput>): fc.Arbitrary<QueryInput> {
  const breakdown = byProperty.map(([own]) => ({ ...own, buckets: { type: 'auto' as const } }));
  return fc
    .tuple(query, breakdown, fc.boolean())
    .map(([asked, own, isFirst]) => {
      if (!isReport(asked)) return asked;
      const { breakdowns: [other] = [] } = asked;
      // A flow has one.
      if (asked.type === 'flow') return { ...asked, breakdowns: [own] };
      const both = other === undefined ? [own] : isFirst ? [own, other] : [other, own];
      return { ...asked, breakdowns: both };
    })
    .filter(isReport);
}

/** The same with numbers of another size, and more of them. */
export function manyNumbers(world: fc.Arbitrary<World>): fc.Arbitrary<World> {
  const numbers = fc.record({
    factor: fc.constantFrom(1, 1, 100, 0.001, 12345),
    kinds: fc.constantFrom(1, 3, 17),
  });
  return fc.tuple(world, numbers).map(([things, { factor, kinds }]) => ({
    ...things,
    events: things.events.map((event, i) => {
      const { n } = event.properties;
      if (typeof n !== 'number') return event;
      const other = Number(((n + (i % kinds)) * factor).toPrecision(12));
      return { ...event, properties: { ...event.properties, n: other } };
    }),
  }));
}

const definition = fc.constantFrom(
  [{ event: 'A' }, { event: 'B' }],
  [{ event: 'B' }],
  [
    {
      event: 'A',
      filters: [
        {
          type: 'property' as const,
          property: { scope: 'event' as const, name: 'p' },
          operator: 'is_set' as const,
        },
      ],
    },
    { event: 'C' },
  ],
);

/** With a custom event (14.1) in the place of the first event of every selector. */
export function withDefinitions(query: fc.Arbitrary<QueryInput>): fc.Arbitrary<QueryInput> {
  return fc.tuple(query, definition).map(([asked, own]) => {
    return JSON.parse(JSON.stringify(asked), (key, value: unknown) => {
      if (key !== 'anyOf' || !Array.isArray(value)) return value;
      const [first, ...others] = value as object[];
      return [{ ...first, event: null, definition: own }, ...others];
    }) as QueryInput;
  });
}

/** Trends of funnels by every unit (5.11). */
export function withTrends(query: fc.Arbitrary<QueryInput>): fc.Arbitrary<QueryInput> {
  const unit = fc.constantFrom('hour', 'day', 'week', 'month', 'quarter', 'year');
  return fc.tuple(query, unit, fc.boolean()).map(([asked, own, trends]) => {
    return asked.type === 'funnel' ? ({ ...asked, unit: own, trends } as QueryInput) : asked;
  });
}
