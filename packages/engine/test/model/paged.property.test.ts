import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { QueryInput } from '@arbor/schema/query';
import type { QueryResult } from '@arbor/schema/result';
import { ask } from './ask.ts';
import { buildViews } from './build-views.ts';
import { propertyRuns, propertySeed, propertyTimeoutMs } from './property-runs.ts';
import { context, query, world } from './random-worlds.ts';

/** The rows of an answer that are of a segment by itself, as texts. */
function rows(result: QueryResult): string[] {
  const all =
    result.type === 'insights' ? result.series : 'segments' in result ? result.segments : [];
  return all
    .filter(({ segment }) => segment !== null && segment.type !== 'other')
    .map((row) => JSON.stringify(row));
}

test(
  `has all segments of a report on its pages, in the order of one page (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(world, query, context, fc.constantFrom(1, 2, 5), (things, asked, zone, size) => {
        if (asked.type === 'cohort' || asked.type === 'users' || asked.type === 'list') return;
        const views = buildViews(things, 2);
        const report = (own: object): QueryInput => ({ ...asked, ...own });
        const whole = ask(views, report({ segmentsMax: 1000 }), zone);
        const pages = [0, 1, 2, 3, 4, 5].map((page) =>
          ask(views, report({ segmentsMax: size, segmentsFrom: page * size }), zone),
        );
        const ofMetric = (all: readonly string[]): string[] =>
          whole.type === 'insights' ? [...all].sort() : [...all];
        const wanted = rows(ask(views, report({ segmentsMax: 6 * size }), zone));
        expect(ofMetric(pages.flatMap(rows))).toEqual(ofMetric(wanted));
        expect(wanted.length).toBeLessThanOrEqual(rows(whole).length);
      }),
      { numRuns: Math.ceil(propertyRuns / 5), seed: propertySeed },
    );
  },
  propertyTimeoutMs,
);
