import type { InsightsQuery } from '@arbor/schema/query';
import type { Bucket, InsightsResult, Segment } from '@arbor/schema/result';
import type { PlanContext } from '../../src/query/plan/plan.ts';
import { spansOf } from './naive-comparison.ts';
import type { NaiveSpan } from './naive-comparison.ts';
import { naiveFormula } from './naive-formula.ts';
import { naiveMetric } from './naive-metric.ts';
import type { NaiveLine, NaiveTable } from './naive-metric.ts';
import { allSegments, ranked, same } from './naive-values.ts';
import type { World } from './world.ts';

/** A number of the report: a metric, or a formula over metrics. */
interface Group {
  readonly operands: readonly number[];
  readonly isFormula: boolean;
}

type Table = Pick<NaiveTable, 'overall' | 'line' | 'other' | 'segments'>;

/** 4, whole: every line is counted by itself, in each span of time. */
export function naiveInsights(
  stored: World,
  query: InsightsQuery,
  context: PlanContext,
): InsightsResult {
  const spans = spansOf(query, context);
  const tables = spans.map((span) =>
    query.metrics.map((_, metric) => transformed(stored, query, metric, span, context)),
  );
  const groups: Group[] = [
    ...query.metrics.map((_, metric) => ({ operands: [metric], isFormula: false })),
    ...query.formulas.map(({ expression }) => {
      return { operands: naiveFormula(expression).letters, isFormula: true };
    }),
  ];
  const lineOf = (
    group: number,
    span: number,
    of: (table: Table) => NaiveLine | null,
  ): NaiveLine => {
    const lines = tables[span].map(of);
    if (group < query.metrics.length) return lines[group] ?? noLine;
    const { expression } = query.formulas[group - query.metrics.length];
    const value = (at: (line: NaiveLine) => number | null): number | null =>
      naiveFormula(expression).evaluate(
        // A distribution has no line of others: nothing lies there.
        lines.map((line) => (line === null ? 0 : at(line))),
        query.divisionByZero,
      );
    return {
      values: allBuckets(spans[span]).map((_, i) => value(({ values }) => values[i])),
      total: value(({ total }) => total),
    };
  };
  /** Each value where its point was moved to (3.9). */
  const atPoints = ({ values, total }: NaiveLine, span: number): NaiveLine => {
    const { moved } = spans[span];
    if (moved === undefined) return { values, total };
    const all = allBuckets(spans[span]);
    return { values: moved.points.map((point) => values[all.indexOf(point)]), total };
  };
  const bestOf = (group: number, span: number): Segment[] => {
    const { operands, isFormula } = groups[group];
    const all = segmentsOf(operands.map((metric) => tables[span][metric]));
    const ranking = isFormula
      ? all.map((segment) => {
          return { segment, rank: lineOf(group, span, (table) => table.line(segment)).total };
        })
      : tables[span][group].segments;
    return ranked(ranking).map(({ segment }) => segment);
  };
  const listOf = (group: number): Segment[] => {
    const named = query.segments?.[group];
    if (named !== undefined) return named;
    const own = bestOf(group, 0);
    const listed = own.slice(0, query.segmentsMax);
    if (spans.length === 1 || own.length > listed.length) return listed;
    // What only the compared time has follows.
    const then = groups[group].operands.flatMap((metric) =>
      bestOf(metric, 1).slice(0, query.segmentsMax),
    );
    const others = allSegments([then]).filter((one) => !listed.some((known) => same(known, one)));
    return [...listed, ...others].slice(0, query.segmentsMax);
  };
  const lists = groups.map((_, group) => listOf(query.rankBy ?? group));
  const seriesOf = (span: number): InsightsResult['series'] =>
    groups.flatMap(({ operands }, metric) => {
      const isListed = (one: Segment): boolean => lists[metric].some((own) => same(own, one));
      const hasOther =
        query.otherSegment &&
        tables.some((own) =>
          operands.some(
            (operand) =>
              own[operand].other([]) !== null &&
              own[operand].segments.some(({ segment }) => !isListed(segment)),
          ),
        );
      const rows = [
        {
          metric,
          segment: null,
          ...atPoints(
            lineOf(metric, span, ({ overall }) => overall),
            span,
          ),
        },
        ...lists[metric].map((segment) => {
          const line = lineOf(metric, span, (table) => table.line(segment));
          return { metric, segment, ...atPoints(line, span) };
        }),
      ];
      if (!hasOther) return rows;
      const other = lineOf(metric, span, (table) => table.other(lists[metric]));
      const segment = { type: 'other' as const, text: '(other)' };
      return [...rows, { metric, segment, ...atPoints(other, span) }];
    });
  const counts = groups.map(
    ({ operands }) => segmentsOf(operands.map((metric) => tables[0][metric])).length,
  );
  return {
    type: 'insights',
    buckets: [...spans[0].buckets],
    series: seriesOf(0),
    segmentCounts: counts.slice(0, query.metrics.length),
    ...(query.formulas.length > 0 && {
      formulaSegmentCounts: counts.slice(query.metrics.length),
    }),
    ...(spans.length > 1 && {
      comparison: {
        buckets: [...(spans[1].moved?.points ?? spans[1].buckets)],
        series: seriesOf(1),
      },
    }),
  };
}

/** Those beyond the span, too. */
function allBuckets({ buckets, moved }: NaiveSpan): readonly Bucket[] {
  return [...buckets, ...(moved?.beyond ?? [])];
}

const noLine: NaiveLine = { values: [], total: null };

function segmentsOf(tables: readonly Table[]): Segment[] {
  return allSegments(tables.map(({ segments }) => segments.map(({ segment }) => segment)));
}

/** The segments and totals of a span, and the values of buckets beyond it. */
function longer(own: NaiveTable, whole: NaiveTable): NaiveTable {
  const joined = (line: NaiveLine, long: NaiveLine): NaiveLine => {
    return { values: long.values, total: line.total };
  };
  return {
    overall: joined(own.overall, whole.overall),
    segments: own.segments,
    line: (segment) => joined(own.line(segment), whole.line(segment)),
    other: (listed) => {
      const [line, long] = [own.other(listed), whole.other(listed)];
      return line && long && joined(line, long);
    },
  };
}

/** 4.4: the mean of so many buckets, those before the range too; then the running sum. Empty buckets are 0. */
function transformed(
  stored: World,
  query: InsightsQuery,
  index: number,
  span: NaiveSpan,
  context: PlanContext,
): Table {
  const { range, buckets, lead } = span;
  const metric = query.metrics[index];
  const tableOf = (of: Pick<NaiveSpan, 'range' | 'buckets'>): NaiveTable => {
    // Behaviours are of the time that is looked at (4.5).
    const { asked } = stored;
    const own = asked && {
      ...asked,
      range: of.range,
      buckets: asked.buckets === null ? null : of.buckets,
    };
    const world = own ? { ...stored, asked: own } : stored;
    return naiveMetric(metric, { world, query, context, ...of });
  };
  const own = tableOf({ range, buckets });
  const table = span.moved ? longer(own, tableOf({ range, buckets: allBuckets(span) })) : own;
  if (query.unit === 'total' || metric.type === 'people') return table;
  const { rolling = 1, cumulative = false } = metric;
  if (rolling === 1 && !cumulative) return table;
  const before = lead(rolling - 1);
  const isSinceStart = 'measure' in metric && metric.measure.type === 'cumulative_unique';
  const ofLead =
    before.length === 0 || isSinceStart
      ? null
      : tableOf({
          range: { startMs: before[0].startMs, endMs: before[before.length - 1].endMs },
          buckets: before,
        });
  const apply = (of: (own: NaiveTable) => NaiveLine | null): NaiveLine | null => {
    const line = of(table);
    if (line === null) return null;
    const earlier = ofLead && of(ofLead);
    const all = [...before.map((_, i) => earlier?.values[i] ?? 0), ...line.values];
    const means = line.values.map((_, i) => {
      const own = all.slice(i, i + rolling).map((value) => value ?? 0);
      return own.reduce((sum, value) => sum + value, 0) / rolling;
    });
    const values = cumulative
      ? means.map((_, i) => means.slice(0, i + 1).reduce((sum, value) => sum + value, 0))
      : means;
    return { values, total: line.total };
  };
  return {
    overall: apply(({ overall }) => overall) ?? noLine,
    segments: table.segments,
    line: (segment) => apply((own) => own.line(segment)) ?? noLine,
    other: (listed) => apply((own) => own.other(listed)),
  };
}
