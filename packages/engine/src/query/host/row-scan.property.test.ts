import fc from 'fast-check';
import { querySchema } from '@arbor/schema/query';
import type { QueryInput } from '@arbor/schema/query';
import { expect, test } from 'vitest';
import { later } from '../../../test/model/ask.ts';
import { naive } from '../../../test/model/naive.ts';
import {
  propertyRuns,
  propertySeed,
  propertyTimeoutMs,
} from '../../../test/model/property-runs.ts';
import {
  context,
  crowdedRange,
  crowdedWorld,
  history,
  randomFunnel,
  randomRetention,
  world,
} from '../../../test/model/random-worlds.ts';
import { sessionDefinitions } from '../../../test/model/random-sessions.ts';
import { withHistory } from '../../../test/model/random-cohort.ts';
import { rounded } from '../../../test/model/rounded.ts';
import { askRows, scanCuts } from '../../../test/model/run-user-scans.ts';

const settings = { numRuns: propertyRuns, seed: propertySeed };

const report = withHistory(fc.oneof(randomFunnel, randomRetention), history);

/** Steps, births and returns by one event each: what is let through depends most on who entered when. */
const ofEvents = fc
  .tuple(
    fc.oneof(randomFunnel, randomRetention),
    fc.shuffledSubarray(['A', 'B', 'C'], { minLength: 3 }),
    fc.constantFrom(undefined, undefined, 'event' as const),
    fc.constantFrom('unique' as const, 'unique' as const, 'totals' as const),
  )
  .map(([query, events, firstTime, counting]): QueryInput => {
    const [first, ...others] = events.map((event) => ({ anyOf: [{ event }] }));
    const entry = { anyOf: [{ event: events[0], ...(firstTime && { firstTime }) }] };
    if (query.type === 'retention') return { ...query, birth: entry, return: others[0] };
    if (query.type !== 'funnel') return query;
    const steps = query.steps.map((_, step) =>
      step === 0 ? entry : [...others, first][(step - 1) % 3],
    );
    const window =
      query.window?.unit === 'session' ? { value: 1, unit: 'day' as const } : query.window;
    return { ...query, steps, counting, hold: [], ...(window && { window }) };
  });

/** Of two steps: the third event, and whatever else is none of them, breaks attempts off. */
const strict = fc
  .tuple(
    ofEvents,
    fc.constantFrom(0, 0, 0, 1000),
    fc.constantFrom('break' as const, 'allow' as const),
  )
  .filter(([query]) => query.type === 'funnel' && query.steps.length > 1)
  .map(([query, graceMs, strictRepeat]): QueryInput => {
    if (query.type !== 'funnel') return query;
    const { range, filters = [], counting = 'unique', window, steps, completion } = query;
    const exclusions = (query.exclusions ?? []).map((one) => ({ ...one, from: 0, to: 1 }));
    return {
      type: 'funnel',
      range,
      filters,
      counting,
      order: 'strict',
      strictRepeat,
      graceMs,
      exclusions,
      steps: steps.slice(0, 2),
      ...(window && { window }),
      ...(completion && { completion }),
    };
  });

test.each([
  ['any report', report],
  ['reports by one event each', ofEvents],
  ['strict funnels', strict],
])(
  `goes over the rows of %s as the model does (seed ${propertySeed})`,
  (_, queries) => {
    fc.assert(
      fc.property(world, queries, context, scanCuts, (things, question, zone, cuts) => {
        const expected = naive(things, querySchema.parse(question), zone);
        expect(rounded(askRows(things, question, zone, cuts))).toEqual(rounded(expected));
      }),
      settings,
    );
  },
  propertyTimeoutMs,
);

/** How sessions are cut matters to whom an entry can still reach. */
const inSessions = fc
  .tuple(
    fc.oneof(ofEvents, randomFunnel),
    fc.constantFrom('unique' as const, 'unique' as const, 'totals' as const, 'sessions' as const),
    fc.constantFrom(1, 2, 3),
  )
  .filter(([query]) => query.type === 'funnel')
  .map(([query, counting, value]): QueryInput => {
    return query.type === 'funnel'
      ? { ...query, counting, window: { value, unit: 'session' } }
      : query;
  });

test.each([
  ['', world],
  [' of which many share an instant', crowdedWorld],
])(
  `cuts sessions of rows%s as the model does (seed ${propertySeed})`,
  (_, things) => {
    fc.assert(
      fc.property(
        things,
        inSessions,
        fc.tuple(context, sessionDefinitions),
        scanCuts,
        (own, question, [zone, definitions], cuts) => {
          const asked = { ...zone, definitions };
          const expected = naive(own, querySchema.parse(question), asked);
          expect(rounded(askRows(own, question, asked, cuts))).toEqual(rounded(expected));
        },
      ),
      settings,
    );
  },
  propertyTimeoutMs,
);

test(
  `goes over rows of which many share an instant as the model does (seed ${propertySeed})`,
  () => {
    const crowded = fc
      .tuple(fc.oneof(ofEvents, strict), crowdedRange)
      .map(([query, range]) => ({ ...query, range }) as QueryInput);
    fc.assert(
      fc.property(crowdedWorld, crowded, scanCuts, (things, question, cuts) => {
        const expected = naive(things, querySchema.parse(question), later);
        expect(rounded(askRows(things, question, later, cuts))).toEqual(rounded(expected));
      }),
      settings,
    );
  },
  propertyTimeoutMs,
);
