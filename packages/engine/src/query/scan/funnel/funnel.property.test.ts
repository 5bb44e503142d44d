import fc from 'fast-check';
import { expect, test } from 'vitest';
import { querySchema } from '@arbor/schema/query';
import { later } from '../../../../test/model/ask.ts';
import { naive } from '../../../../test/model/naive.ts';
import { propertyRuns, propertySeed } from '../../../../test/model/property-runs.ts';
import {
  context,
  crowdedRange,
  crowdedWorld,
  funnelQuery,
  world,
} from '../../../../test/model/random-worlds.ts';
import { rounded } from '../../../../test/model/rounded.ts';
import { askScans, scanCuts } from '../../../../test/model/run-user-scans.ts';
import { createFunnelScans } from './create-funnel-scan.ts';

const withoutGrace = funnelQuery.map((query) =>
  query.type === 'funnel' ? { ...query, graceMs: 0 } : query,
);

test(
  `follows funnels as the model does (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(world, withoutGrace, context, scanCuts, (things, question, zone, cuts) => {
        const expected = naive(things, querySchema.parse(question), zone);
        const actual = askScans(createFunnelScans, things, question, zone, cuts);
        expect(rounded(actual)).toEqual(rounded(expected));
      }),
      { numRuns: propertyRuns, seed: propertySeed },
    );
  },
  30_000 + propertyRuns * 100,
);

const crowdedQuery = fc
  .tuple(withoutGrace, crowdedRange)
  .map(([query, range]) => (query.type === 'funnel' ? { ...query, range } : query));

test(
  `follows events of one instant as the model does (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(crowdedWorld, crowdedQuery, scanCuts, (things, question, cuts) => {
        const expected = naive(things, querySchema.parse(question), later);
        const actual = askScans(createFunnelScans, things, question, later, cuts);
        expect(rounded(actual)).toEqual(rounded(expected));
      }),
      { numRuns: propertyRuns, seed: propertySeed },
    );
  },
  30_000 + propertyRuns * 100,
);
