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
  retentionQuery,
  world,
} from '../../../../test/model/random-worlds.ts';
import { rounded } from '../../../../test/model/rounded.ts';
import { askScans, scanCuts } from '../../../../test/model/run-user-scans.ts';
import { createRetentionScans } from './create-retention-scan.ts';

const settings = { numRuns: propertyRuns, seed: propertySeed };
const timeoutMs = 30_000 + propertyRuns * 100;

test(
  `finds who came back as the model does (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(world, retentionQuery, context, scanCuts, (things, question, zone, cuts) => {
        const expected = naive(things, querySchema.parse(question), zone);
        const actual = askScans(createRetentionScans, things, question, zone, cuts);
        expect(rounded(actual)).toEqual(rounded(expected));
      }),
      settings,
    );
  },
  timeoutMs,
);

const crowdedQuery = fc
  .tuple(retentionQuery, crowdedRange)
  .map(([query, range]) => (query.type === 'retention' ? { ...query, range } : query));

test(
  `tells births from returns of one instant as the model does (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(crowdedWorld, crowdedQuery, scanCuts, (things, question, cuts) => {
        const expected = naive(things, querySchema.parse(question), later);
        const actual = askScans(createRetentionScans, things, question, later, cuts);
        expect(rounded(actual)).toEqual(rounded(expected));
      }),
      settings,
    );
  },
  timeoutMs,
);
