import type { InsightsQuery } from '@arbor/schema/query';
import type { InsightsResult, Segment } from '@arbor/schema/result';
import { must } from '../../base/assert.ts';
import { bestSegments } from '../merge/rank.ts';
import { segmentKey } from '../merge/segment-groups.ts';
import { invalidQuery } from '../plan/invalid-query.ts';
import type { PlanScope } from '../plan/plan-scope.ts';
import { askAll, askThen } from './ask.ts';
import type { Ask, ComposeStep } from './ask.ts';
import { askMetrics } from './ask-metrics.ts';
import type { MetricsWanted } from './metrics-wanted.ts';
import { emptyLine, isCut, lineOf } from './metric-table.ts';
import type { Line, MetricTable } from './metric-table.ts';
import { pointsOf, reportSpans } from './report-times.ts';
import type { Span } from './report-times.ts';
import { emptyValue, rowGroups } from './row-groups.ts';
import type { RowGroup } from './row-groups.ts';
import { isTransformed, transformLine } from './transform-line.ts';

/** Whether a report needs more than what shards answer to one plan. */
export function isComposed({ metrics, formulas, compare }: InsightsQuery): boolean {
  return (
    formulas.length > 0 ||
    compare !== undefined ||
    metrics.some(
      (metric) =>
        metric.type === 'cohort' ||
        metric.type === 'funnel' ||
        metric.type === 'retention' ||
        isTransformed(metric),
    )
  );
}

/** What is known of some metrics in one span; by metric, undefined = was not asked for. */
interface SpanTables {
  readonly tables: readonly (MetricTable | undefined)[];
  /** In the buckets before the span. */
  readonly lead: readonly (MetricTable | undefined)[];
  /** In the span as one bucket, and in those after it. */
  readonly beyond: readonly (MetricTable | undefined)[];
}

/** By span: the report's own first, then that of its comparison. */
type ReportTables = readonly SpanTables[];

/** 4.4: what is measured, then transformed, then in formulas, then beside the same of another time. */
export function composeInsights(
  query: InsightsQuery,
  scope: Pick<PlanScope, 'calendar' | 'nowMs'>,
): ComposeStep {
  const report = new Report(query, scope);
  return askThen(report.askTables({ metrics: report.metrics, segments: null }), (tables) => {
    return askThen(report.askRanking(tables), (ranking) => {
      const lists = report.lists(tables, ranking);
      return askThen(report.askMissing(tables, lists), (missing) => {
        return { type: 'answer', result: report.result(tables, lists, missing) };
      });
    });
  });
}

/** The segments of a group that come back, best first. */
interface GroupList {
  readonly segments: readonly Segment[];
  /** How many there are in all in the report's own time. */
  readonly segmentCount: number;
}

class Report {
  /** Every metric. */
  readonly metrics: readonly number[];
  readonly #query: InsightsQuery;
  readonly #scope: Pick<PlanScope, 'calendar' | 'nowMs'>;
  readonly #spans: readonly Span[];
  readonly #groups: readonly RowGroup[];

  constructor(query: InsightsQuery, scope: Pick<PlanScope, 'calendar' | 'nowMs'>) {
    this.#query = query;
    this.#scope = scope;
    this.#groups = rowGroups(query);
    this.#spans = reportSpans(query, scope);
    this.metrics = query.metrics.map((_, metric) => metric);
    const { rankBy = 0 } = query;
    if (rankBy >= this.#groups.length) {
      throw invalidQuery(
        `metric ${rankBy} cannot rank: the query has metrics and formulas 0 to ${this.#groups.length - 1}`,
      );
    }
  }

  /** The tables of some metrics in every span, with the buckets before it where they look back. */
  askTables(wanted: Pick<MetricsWanted, 'metrics' | 'segments'>): Ask<ReportTables> {
    return askAll(this.#spans.map((span, i) => this.#askSpan(span, wanted, i === 0)));
  }

  #askSpan(
    span: Span,
    { metrics, segments }: Pick<MetricsWanted, 'metrics' | 'segments'>,
    isFirst: boolean,
  ): Ask<SpanTables> {
    const { otherSegment } = this.#query;
    // The other segments of another time are those that the list of this one leaves out.
    const own = this.#ask({
      span,
      metrics,
      segments,
      otherSegment: otherSegment && (isFirst || segments !== null),
    });
    const lead = this.#askLead(span, { metrics, segments });
    const beyond = this.#askBeyond(span, { metrics, segments });
    const all = askAll([own, lead, beyond]);
    return {
      queries: all.queries,
      read: (results) => {
        const [tables, before, after] = all.read(results);
        return { tables, lead: before, beyond: after };
      },
    };
  }

  #askBeyond(
    { moved }: Span,
    { metrics, segments }: Pick<MetricsWanted, 'metrics' | 'segments'>,
  ): Ask<(MetricTable | undefined)[]> {
    const beyond = moved?.beyond ?? null;
    if (beyond === null) return { queries: [], read: () => [] };
    const otherSegment = this.#query.otherSegment && segments !== null;
    return this.#ask({ span: beyond, metrics, segments, otherSegment });
  }

  #askLead(
    span: Span,
    { metrics, segments }: Pick<MetricsWanted, 'metrics' | 'segments'>,
  ): Ask<(MetricTable | undefined)[]> {
    const { lead } = span;
    const places = metrics.flatMap((metric, place) => (this.#looksBack(metric) ? [place] : []));
    if (lead === null || places.length === 0) return { queries: [], read: () => [] };
    return this.#ask({
      span: lead,
      metrics: places.map((place) => metrics[place]),
      segments: segments && places.map((place) => segments[place]),
      otherSegment: this.#query.otherSegment && segments !== null,
    });
  }

  /** Users from the start of the range on are none before it. */
  #looksBack(index: number): boolean {
    const metric = this.#query.metrics[index];
    if (!('rolling' in metric) || metric.rolling === undefined) return false;
    return !('measure' in metric && metric.measure.type === 'cumulative_unique');
  }

  #ask(
    wanted: Pick<MetricsWanted, 'span' | 'metrics' | 'segments' | 'otherSegment' | 'all'>,
  ): Ask<(MetricTable | undefined)[]> {
    const ask = askMetrics({ ...wanted, query: this.#query, scope: this.#scope });
    return {
      queries: ask.queries,
      read: (results) => {
        const tables: (MetricTable | undefined)[] = this.metrics.map(() => undefined);
        for (const [place, table] of ask.read(results).entries()) {
          tables[wanted.metrics[place]] = table;
        }
        return tables;
      },
    };
  }

  /** The best segments of a formula may be none of the best of its operands: then all of them are looked at. */
  askRanking([{ tables }]: ReportTables): Ask<readonly (MetricTable | undefined)[]> {
    const cut = this.#groups
      .filter(({ isFormula }) => isFormula && this.#query.segments === undefined)
      .filter(({ operands }) => operands.some((metric) => isCut(tableOf(tables, metric))))
      .flatMap(({ operands }) => operands);
    const metrics = [...new Set(cut)].filter((metric) => isCut(tableOf(tables, metric)));
    if (metrics.length === 0) return { queries: [], read: () => [] };
    const [span] = this.#spans;
    return this.#ask({ span, metrics, segments: null, all: true, otherSegment: false });
  }

  /** By group: what comes back. `ranking` has the whole tables of those metrics that were cut, as far as asked for. */
  lists(tables: ReportTables, ranking: readonly (MetricTable | undefined)[]): readonly GroupList[] {
    const lists = this.#groups.map((group, index) => this.#list(group, index, tables, ranking));
    const { rankBy } = this.#query;
    if (rankBy === undefined || this.#query.segments !== undefined) return lists;
    return lists.map(({ segmentCount }) => ({ segments: lists[rankBy].segments, segmentCount }));
  }

  #list(
    group: RowGroup,
    index: number,
    [now, then]: ReportTables,
    ranking: readonly (MetricTable | undefined)[],
  ): GroupList {
    const { segmentsMax, segments: named } = this.#query;
    const whole = group.operands.map((metric) => ranking[metric] ?? tableOf(now.tables, metric));
    const known = unitedSegments(whole);
    const segmentCount = Math.max(known.length, ...whole.map((table) => table.segmentCount));
    const exact = named?.[group.isFormula ? (group.operands[0] ?? 0) : index];
    if (exact !== undefined) return { segments: exact, segmentCount };
    const best = group.isFormula ? this.#ranked(group, known, whole) : known.slice(0, segmentsMax);
    // What only the other time has follows, where nothing of this one was left out (3.9).
    if (then === undefined || segmentCount > best.length) return { segments: best, segmentCount };
    const others = unitedSegments(group.operands.map((metric) => tableOf(then.tables, metric)));
    const keys = new Set(best.map(segmentKey));
    const onlyThen = others.filter((segment) => !keys.has(segmentKey(segment)));
    return { segments: [...best, ...onlyThen].slice(0, segmentsMax), segmentCount };
  }

  /** By the total of the formula in each segment (3.8). */
  #ranked(
    group: RowGroup,
    segments: readonly Segment[],
    tables: readonly MetricTable[],
  ): readonly Segment[] {
    const ranked = segments.map((segment) => {
      const lines = tables.map((table) => {
        const line = lineOf(table, segment);
        return line && { values: [], total: line.total };
      });
      return { segment, rank: group.line(lines, 0).total };
    });
    return bestSegments(ranked, this.#query.segmentsMax).map(({ segment }) => segment);
  }

  /**
   * Tables of those groups whose list has segments that another table lacks because it was cut: metrics together,
   * each formula by itself. By group; absent = the tables of the first round have all.
   */
  askMissing(
    tables: ReportTables,
    lists: readonly GroupList[],
  ): Ask<ReadonlyMap<number, ReportTables>> {
    const lacking = this.#groups.flatMap((group, index) =>
      this.#lacks(group, tables, lists[index]) ? [index] : [],
    );
    const metrics = lacking.filter((index) => !this.#groups[index].isFormula);
    const bundles = lacking.filter((index) => this.#groups[index].isFormula).map((own) => [own]);
    if (metrics.length > 0) bundles.push(metrics);
    const ask = askAll(
      bundles.map((bundle) => {
        const pairs = bundle.flatMap((index) =>
          this.#groups[index].operands.map((metric) => [metric, lists[index].segments] as const),
        );
        return this.askTables({
          metrics: pairs.map(([metric]) => metric),
          segments: pairs.map(([, segments]) => segments),
        });
      }),
    );
    return {
      queries: ask.queries,
      read: (results) =>
        new Map(
          ask.read(results).flatMap((own, i) => bundles[i].map((index) => [index, own] as const)),
        ),
    };
  }

  #lacks({ operands, isFormula }: RowGroup, spans: ReportTables, list: GroupList): boolean {
    const keys = list.segments.map(segmentKey);
    const { otherSegment, rankBy } = this.#query;
    // The row of all others that came with the first answer is that of the metric's own best segments.
    const isOwnOther = (span: number): boolean =>
      span === 0 && !isFormula && rankBy === undefined && spans[0].lead.length === 0;
    return spans.some(({ tables, lead, beyond }, span) =>
      operands
        .flatMap((metric) => [tables[metric], lead[metric], beyond[metric]])
        .some((table) => {
          if (table === undefined || table.isUnsegmented) return false;
          if (table.lacksLines === true) return true;
          const has = new Set(table.segments.map(({ segment }) => segmentKey(segment)));
          const isMissing = isCut(table) && keys.some((key) => !has.has(key));
          const isLeftOut = isCut(table) || [...has].some((key) => !keys.includes(key));
          return isMissing || (otherSegment && isLeftOut && !isOwnOther(span));
        }),
    );
  }

  result(
    tables: ReportTables,
    lists: readonly GroupList[],
    missing: ReadonlyMap<number, ReportTables>,
  ): InsightsResult {
    const { metrics, formulas } = this.#query;
    const hasOther = this.#groups.map(({ operands }, index) =>
      (missing.get(index) ?? tables).some((span) =>
        operands.some((metric) => tableOf(span.tables, metric).other !== null),
      ),
    );
    const counts = lists.map(({ segmentCount }) => segmentCount);
    const seriesOf = (span: number): InsightsResult['series'] =>
      this.#groups.flatMap((group, index) => {
        const own = (missing.get(index) ?? tables)[span];
        return this.#series(group, index, span, own, [
          ...lists[index].segments,
          ...(hasOther[index] ? [otherSegment] : []),
        ]);
      });
    const [, then] = this.#spans;
    return {
      type: 'insights',
      buckets: [...this.#spans[0].buckets],
      series: seriesOf(0),
      segmentCounts: counts.slice(0, metrics.length),
      ...(formulas.length > 0 && { formulaSegmentCounts: counts.slice(metrics.length) }),
      ...(then && { comparison: { buckets: [...pointsOf(then)], series: seriesOf(1) } }),
    };
  }

  #series(
    group: RowGroup,
    index: number,
    span: number,
    { tables, lead, beyond }: SpanTables,
    segments: readonly Segment[],
  ): InsightsResult['series'] {
    const { buckets, moved } = this.#spans[span];
    const beyondCount = (moved?.beyond?.buckets.length ?? 1) - 1;
    const bucketCount = buckets.length + beyondCount;
    return [null, ...segments].map((segment) => {
      const lines = group.operands.map((metric) => {
        const before = lead[metric];
        const after = beyond[metric];
        const own = rowOf(tableOf(tables, metric), segment);
        const line =
          after === undefined ? own : this.#longer(metric, own, rowOf(after, segment), span);
        return this.#transformed(metric, line, before && rowOf(before, segment), bucketCount);
      });
      const { values, total } = group.line(lines, bucketCount);
      const points = moved === null ? [...values] : moved.places.map((place) => values[place]);
      return { metric: index, segment, values: points, total };
    });
  }

  /** A line with the buckets after its span, the first of which is the span. */
  #longer(metric: number, own: Line | undefined, after: Line | undefined, span: number): Line {
    const empty = emptyValue(this.#query.metrics[metric]);
    const { buckets, moved } = this.#spans[span];
    const { values, total } = own ?? emptyLine(buckets.length, empty);
    const beyond = after ?? emptyLine(moved?.beyond?.buckets.length ?? 1, empty);
    return { values: [...values, ...beyond.values.slice(1)], total };
  }

  #transformed(
    index: number,
    line: Line | undefined,
    lead: Line | undefined,
    bucketCount: number,
  ): Line | undefined {
    const metric = this.#query.metrics[index];
    // One number over the whole range has none before it.
    if (this.#query.unit === 'total' || !isTransformed(metric)) return line;
    return transformLine(metric, line ?? emptyLine(bucketCount, emptyValue(metric)), lead ?? null);
  }
}

const otherSegment: Segment = { type: 'other', text: '(other)' };

function rowOf(table: MetricTable, segment: Segment | null): Line | undefined {
  if (segment === null) return table.overall;
  return segment.type === 'other' ? (table.other ?? undefined) : lineOf(table, segment);
}

function unitedSegments(tables: readonly MetricTable[]): Segment[] {
  const byKey = new Map<string, Segment>();
  for (const { segments } of tables) {
    for (const { segment } of segments) byKey.set(segmentKey(segment), segment);
  }
  return [...byKey.values()];
}

/** The tables of all metrics of a group were asked for. */
function tableOf(tables: SpanTables['tables'], metric: number): MetricTable {
  return must(tables[metric], `the table of metric ${metric}`);
}
