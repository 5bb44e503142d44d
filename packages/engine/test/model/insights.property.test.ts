import fc from 'fast-check';
import { expect, test } from 'vitest';
import { querySchema } from '@arbor/schema/query';
import type { QueryInput } from '@arbor/schema/query';
import { ask } from './ask.ts';
import { buildViews } from './build-views.ts';
import { naive } from './naive.ts';
import { propertyRuns, propertySeed, propertyTimeoutMs } from './property-runs.ts';
import { context, crowdedWorld, randomComposed, randomInsights, world } from './random-worlds.ts';
import { rounded } from './rounded.ts';

const asked = fc.oneof(randomInsights, randomComposed);

test(
  `measures, transforms and compares as the model does (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(world, asked, context, fc.boolean(), (things, question, zone, isOneShard) => {
        const expected = naive(things, querySchema.parse(question), zone);
        const shards = isOneShard ? { ...zone, shardCount: 1 } : zone;
        const actual = ask(buildViews(things, isOneShard ? 1 : 3), question, shards);
        expect(rounded(actual)).toEqual(rounded(expected));
      }),
      { numRuns: 2 * propertyRuns, seed: propertySeed },
    );
  },
  propertyTimeoutMs,
);

/** From the middle of one minute to that of another, beside and across the change of a day. */
const hours = fc.constantFrom(
  { from: '2024-03-08T00:59:30Z', to: '2024-03-08T02:10:30Z' },
  { from: '2024-03-07T23:30:00Z', to: '2024-03-08T01:00:00Z' },
);

test(
  `counts by the minute as the model does (seed ${propertySeed})`,
  () => {
    const question = fc
      .tuple(asked, hours)
      .map(([report, range]): QueryInput =>
        report.type === 'insights'
          ? { ...report, range, unit: 'minute', compare: undefined }
          : report,
      );
    fc.assert(
      fc.property(crowdedWorld, question, context, (things, own, zone) => {
        fc.pre(!JSON.stringify(own).includes('"funnel"'));
        const expected = naive(things, querySchema.parse(own), zone);
        expect(rounded(ask(buildViews(things, 3), own, zone))).toEqual(rounded(expected));
      }),
      { numRuns: Math.ceil(propertyRuns / 3), seed: propertySeed },
    );
  },
  propertyTimeoutMs,
);

// Seed 910030: after the clock went back by half an hour, hours a year before begin at half past.
test(
  'moves points off a weekend on which the clock changes by half an hour as the model does',
  () => {
    const zone = { timezone: 'Australia/Lord_Howe', weekStart: 1, nowMs: Date.UTC(2024, 2, 8) };
    const times = [
      '2024-04-07T13:15Z',
      '2024-04-07T13:45Z',
      '2024-04-07T15:10Z',
      '2025-04-06T14:10Z',
    ];
    const events = times.map((time) => {
      return { user: 'ada', event: 'A', time: Date.parse(time), properties: {} };
    });
    const question: QueryInput = {
      type: 'insights',
      range: { from: '2025-04-07', to: '2025-04-13' },
      unit: 'hour',
      metrics: [{ selector: { anyOf: [{ event: 'A' }] }, measure: { type: 'total' } }],
      compare: { type: 'previous', unit: 'year' },
    };
    const things = { events, people: {} };
    const expected = naive(things, querySchema.parse(question), zone);
    expect(rounded(ask(buildViews(things, 2), question, { ...zone, shardCount: 2 }))).toEqual(
      rounded(expected),
    );
  },
  propertyTimeoutMs,
);
