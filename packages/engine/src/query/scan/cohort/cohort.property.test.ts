import fc from 'fast-check';
import { expect, test } from 'vitest';
import { querySchema } from '@arbor/schema/query';
import { naive } from '../../../../test/model/naive.ts';
import {
  propertyRuns,
  propertySeed,
  propertyTimeoutMs,
} from '../../../../test/model/property-runs.ts';
import { cohortQuery, context, world } from '../../../../test/model/random-worlds.ts';
import { askScans, scanCuts } from '../../../../test/model/run-user-scans.ts';
import { createCohortScans } from './create-cohort-scan.ts';

test(
  `counts the users of a cohort as the model does (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(world, cohortQuery, context, scanCuts, (things, question, zone, cuts) => {
        const expected = naive(things, querySchema.parse(question), zone);
        expect(askScans(createCohortScans, things, question, zone, cuts)).toEqual(expected);
      }),
      { numRuns: propertyRuns, seed: propertySeed },
    );
  },
  propertyTimeoutMs,
);
