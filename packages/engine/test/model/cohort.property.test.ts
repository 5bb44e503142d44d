import fc from 'fast-check';
import { expect, test } from 'vitest';
import { querySchema } from '@arbor/schema/query';
import type { QueryInput } from '@arbor/schema/query';
import { noDefinitions } from '../../src/query/plan/plan-scope.ts';
import { ask } from './ask.ts';
import { buildViews } from './build-views.ts';
import { naive } from './naive.ts';
import { propertyRuns, propertySeed, propertyTimeoutMs } from './property-runs.ts';
import {
  context,
  crowdedWorld,
  funnelQuery,
  history,
  range,
  retentionQuery,
  world,
} from './random-worlds.ts';
import { rounded } from './rounded.ts';

const settings = { numRuns: propertyRuns, seed: propertySeed };

test(
  `counts the members of any cohort as the model does, now and over time (seed ${propertySeed})`,
  () => {
    const things = fc.oneof(
      { weight: 3, arbitrary: world },
      { weight: 1, arbitrary: crowdedWorld },
    );
    fc.assert(
      fc.property(things, history.query, context, (own, question, zone) => {
        const expected = naive(own, querySchema.parse(question), zone);
        expect(ask(buildViews(own, 2), question, zone)).toEqual(expected);
      }),
      settings,
    );
  },
  propertyTimeoutMs,
);

test(
  `finds first times and leaves out hidden events as the model does (seed ${propertySeed})`,
  () => {
    const hidden = fc.constantFrom<string[][]>([], [], ['A'], ['B', 'C']);
    fc.assert(
      fc.property(
        world,
        history.selector,
        range,
        hidden,
        context,
        (things, selector, days, hiddenEvents, zone) => {
          const question = {
            type: 'insights' as const,
            range: days,
            metrics: (['total', 'unique'] as const).map((type) => ({
              selector,
              measure: { type },
            })),
          };
          const own = { ...things, hiddenEvents };
          const definitions = { ...noDefinitions, hiddenEvents };
          const expected = naive(own, querySchema.parse(question), zone);
          expect(ask(buildViews(own, 2), question, { ...zone, definitions })).toEqual(expected);
        },
      ),
      settings,
    );
  },
  propertyTimeoutMs,
);

test(
  `filters funnels and retentions by cohorts as the model does (seed ${propertySeed})`,
  () => {
    const question = fc
      .tuple(
        fc.oneof(funnelQuery, retentionQuery),
        fc.array(history.filter, { minLength: 1, maxLength: 2 }),
      )
      .map(([asked, filters]): QueryInput => ({ ...asked, filters }) as QueryInput);
    fc.assert(
      fc.property(world, question, context, (things, asked, zone) => {
        const expected = naive(things, querySchema.parse(asked), zone);
        expect(rounded(ask(buildViews(things, 2), asked, zone))).toEqual(rounded(expected));
      }),
      settings,
    );
  },
  propertyTimeoutMs,
);
