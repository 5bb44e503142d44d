import fc from 'fast-check';
import { expect, test } from 'vitest';
import { listedReportSchema } from '@arbor/schema/query';
import type { ListedReport, ListPoint, QueryInput } from '@arbor/schema/query';
import type { PlanContext } from '../../src/query/plan/plan.ts';
import { listOf } from './ask-list.ts';
import { countedAt } from './list-counted.ts';
import { numberAt } from './list-numbers.ts';
import { somePoint } from './list-points.ts';
import { naive } from './naive.ts';
import { propertyRuns, propertySeed, propertyTimeoutMs } from './property-runs.ts';
import { cohortMetric } from './random-cohort-metric.ts';
import { randomCompared } from './random-compared.ts';
import { funnelMetric } from './random-funnel-metric.ts';
import { retentionMetric } from './random-retention-metric.ts';
import { context, randomComposed, world } from './random-worlds.ts';
import type { World } from './world.ts';

/*
 * Lists behind numbers of reports that are several questions (4.6): formulas by their operands, rolling and running
 * values, other times, and reports as metrics.
 */

const asked = fc.oneof(
  { weight: 3, arbitrary: randomComposed },
  { weight: 2, arbitrary: randomCompared },
  { weight: 1, arbitrary: funnelMetric },
  { weight: 1, arbitrary: retentionMetric },
  { weight: 1, arbitrary: cohortMetric },
);
const place = fc.nat({ max: 1_000_000 });
const dayMs = 86_400_000;

const settings = { numRuns: Math.ceil(propertyRuns / 3), seed: propertySeed };

test(
  `lists as many behind a number of several questions as it says (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(world, asked, context, place, (things, question, zone, at) => {
        const { of, result, point, clock } = numberOf(things, question, zone, at);
        const what = countedAt(of, point);
        fc.pre(what !== null);
        const { total, ...list } = listOf(things, { of, point, what }, clock);
        expect(total).toBe(numberAt(result, point));
        expect(list[what]).toHaveLength(total);
      }),
      settings,
    );
  },
  propertyTimeoutMs,
);

test(
  `lists behind a formula who is behind the metric that is named (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(world, randomComposed, context, place, (things, question, zone, at) => {
        const { of, point } = numberOf(things, question, zone, at);
        fc.pre(point.type === 'insights' && point.operand !== undefined);
        const { operand: metric, ...own } = point;
        const list = listOf(things, { of, point, what: 'users' }, zone);
        const behind = { ...own, metric };
        expect(list).toEqual(listOf(things, { of, point: behind, what: 'users' }, zone));
        expect(list.users).toHaveLength(list.total);
      }),
      { ...settings, numRuns: Math.ceil(propertyRuns / 8) },
    );
  },
  propertyTimeoutMs,
);

test(
  `says that nobody is behind an average of buckets (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(world, retentionMetric, context, place, (things, question, zone, at) => {
        const { of, point } = numberOf(things, question, zone, at);
        fc.pre(isAverageOfBuckets(of, point));
        expect(() => listOf(things, { of, point, what: 'users' }, zone)).toThrow(
          'is an average of its buckets, and nobody is behind it by itself',
        );
      }),
      { ...settings, numRuns: Math.ceil(propertyRuns / 10) },
    );
  },
  propertyTimeoutMs,
);

/** A question with one of its numbers, and when it is asked. */
function numberOf(things: World, question: QueryInput, zone: PlanContext, at: number) {
  const of = listedReportSchema.parse(question);
  // Things happen in the year before, and later ones are asked about.
  const clock = isCompared(of) ? { ...zone, nowMs: zone.nowMs + 400 * dayMs } : zone;
  const result = naive(things, of, clock);
  const point = somePoint(of, result, at);
  fc.pre(point !== undefined);
  return { of, result, point, clock };
}

function isCompared(of: ListedReport): boolean {
  return (of.type === 'funnel' || of.type === 'retention') && of.compare !== undefined;
}

function isAverageOfBuckets(of: ListedReport, point: ListPoint): boolean {
  if (of.type !== 'insights' || point.type !== 'insights') return false;
  const metric = of.metrics[point.metric];
  const isWhole = point.bucket === null || of.unit === 'total';
  return metric.type === 'retention' && metric.value === 'rate' && isWhole;
}
