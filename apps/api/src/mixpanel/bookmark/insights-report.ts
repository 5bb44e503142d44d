import { ExpressionError } from '@arbor/expression/expression-error';
import { parseReportFormula } from '@arbor/expression/report-formula';
import { metricLetters } from '@arbor/expression/metric-letters';
import { printNode } from '@arbor/expression/print';
import type { Node } from '@arbor/expression/ast';
import type { InsightsQueryInput } from '@arbor/schema/query';
import type { Bucket, InsightsResult } from '@arbor/schema/result';
import { askQuery } from '../ask.ts';
import { behaviorName, readSelector } from './bookmark-events.ts';
import { mathName, readMeasure } from './bookmark-measure.ts';
import { readCohort } from './bookmark-properties.ts';
import type { BehaviorEntry, Bookmark, ShowEntry } from './bookmark-schema.ts';
import { readComparison } from './bookmark-time.ts';
import { readFunnel } from './funnel-behavior.ts';
import { oneOf, refuse } from './refuse.ts';
import { bySegment, reportAnswer } from './report-answer.ts';
import type { ReportRequest } from './report-request.ts';
import { readRetention } from './retention-report.ts';
import { isoStart } from './zoned-time.ts';

type Metric = InsightsQueryInput['metrics'][number];
type Series = InsightsResult['series'];

/** An insights report (`query-api.md` 13.4): metrics and formulas, over time or as one number each. */
export async function insightsReport(request: ReportRequest, bookmark: Bookmark): Promise<object> {
  const { queries, asked, context, range, unit, isByTime, filters, breakdowns } = request;
  const { show } = bookmark.sections;
  const metricEntries = show.filter(({ type }) => type !== 'formula');
  const formulaEntries = show.filter(({ type }) => type === 'formula');
  const compare = readComparison(bookmark);
  const result = await askQuery(queries, asked, {
    type: 'insights',
    range,
    unit: isByTime ? unit : 'total',
    filters,
    breakdowns,
    segmentsMax: request.segmentsMax,
    metrics: metricEntries.map((entry) => readMetric(entry, request, bookmark)),
    formulas: formulaEntries.map((entry) => readFormula(entry, show)),
    ...(compare && { compare }),
  });
  const shown = namesOf([...metricEntries, ...formulaEntries]);
  const answer = (buckets: readonly Bucket[], series: Series): object =>
    seriesOf(shown, { buckets, series, isByTime, isSegmented: breakdowns.length > 0 });
  const { comparison } = result;
  return {
    ...reportAnswer(range, context, {
      headers: request.headers,
      series: answer(result.buckets, result.series),
    }),
    ...(comparison && { time_comparison: answer(comparison.buckets, comparison.series) }),
  };
}

function readMetric(entry: ShowEntry, request: ReportRequest, bookmark: Bookmark): Metric {
  const { behavior } = entry;
  if (!behavior) return refuse('the saved metric', entry.id ?? null, 'describe it as a behavior');
  const measurement = entry.measurement ?? {};
  const transformed = transformations(entry, bookmark);
  const { nowMs } = request.context;
  switch (behavior.type ?? 'event') {
    case 'cohort':
      return { type: 'cohort', cohort: readCohort(behavior, nowMs), ...transformed };
    case 'funnel':
      return {
        type: 'funnel',
        funnel: readFunnel(behavior, measurement.math ?? '', nowMs),
        value: measurement.math?.startsWith('conversion_rate') === false ? 'count' : 'rate',
        ...transformed,
      };
    case 'retention':
      return {
        type: 'retention',
        retention: readRetention(behavior, measurement, request),
        interval: measurement.retentionBucketIndex ?? 1,
        value: measurement.math === 'unique' ? 'count' : 'rate',
        ...transformed,
      };
    case 'people':
      return peopleMetric(entry);
    default:
      return {
        selector: readSelector(behavior, nowMs),
        measure: readMeasure(measurement),
        ...countOnce(measurement.segmentMethod),
        ...transformed,
      };
  }
}

/** Profiles as they are now: how many, or an aggregate of one of their properties. */
function peopleMetric({ measurement }: ShowEntry): Metric {
  const measure = readMeasure({ ...measurement, math: measurement?.math ?? 'total' });
  if (measure.type === 'unique') return { type: 'people', measure: { type: 'total' } };
  const isOfProfiles = measure.type === 'total' || 'property' in measure;
  if (!isOfProfiles || measure.type === 'distribution' || measure.type === 'per_user') {
    return refuse(
      'the math of profiles',
      measurement?.math ?? null,
      'use total or an aggregate of a property',
    );
  }
  return { type: 'people', measure };
}

const methods = { all: {}, first: { countOnce: 'first' }, last: { countOnce: 'last' } } as const;

const countOnce = (
  method: string | null | undefined,
): Pick<Extract<Metric, { selector: unknown }>, 'countOnce'> =>
  oneOf(methods, 'the segment method', method ?? 'all');

/** Of the metric itself, or of the whole chart (13.2, `analysis`). */
function transformations(
  { measurement }: ShowEntry,
  { sections, displayOptions }: Bookmark,
): { readonly rolling?: number; readonly cumulative?: true } {
  const display = displayOptions ?? sections.displayOptions;
  const isRolling = display?.analysis === 'rolling';
  const rolling =
    measurement?.rolling ?? (isRolling ? (display.rollingWindowSize ?? 7) : undefined);
  const isCumulative = measurement?.cumulative === true || display?.analysis === 'cumulative';
  return { ...(rolling && { rolling }), ...(isCumulative && { cumulative: true }) };
}

/** Letters are places in `show`; our formulas name metrics by their place among the metrics. */
function readFormula(
  { definition, name, referencedMetrics }: ShowEntry,
  show: readonly ShowEntry[],
): { expression: string; name?: string } {
  if (referencedMetrics && referencedMetrics.length > 0) {
    refuse('a formula with', 'referencedMetrics', 'put its metrics into show, hidden if need be');
  }
  const formulas = new Set(show.flatMap(({ type }, i) => (type === 'formula' ? [i] : [])));
  const places = show.flatMap(({ type }, i) => (type === 'formula' ? [] : [i]));
  try {
    const { root } = parseReportFormula(definition ?? '', { count: show.length, formulas });
    const expression = printNode(withMetrics(root, (index) => places.indexOf(index)));
    return { expression, ...(name && { name }) };
  } catch (cause) {
    if (!(cause instanceof ExpressionError)) throw cause;
    return refuse('the formula', definition ?? '', cause.message);
  }
}

function withMetrics(node: Node, place: (index: number) => number): Node {
  const of = (one: Node): Node => withMetrics(one, place);
  switch (node.type) {
    case 'metric':
      return { ...node, index: place(node.index) };
    case 'negate':
    case 'not':
      return { ...node, operand: of(node.operand) };
    case 'call':
      return { ...node, args: node.args.map(of) };
    case 'and':
    case 'or':
      return { ...node, operands: node.operands.map(of) };
    case 'compare':
      return { ...node, left: of(node.left), right: of(node.right) };
    case 'sum':
    case 'product': {
      const rest = node.rest.map((one) => ({ ...one, operand: of(one.operand) }));
      return { ...node, first: of(node.first), rest };
    }
    case 'power':
      return { ...node, base: of(node.base), exponent: of(node.exponent) };
    // Not in reports.
    case 'literal':
    case 'list':
    case 'property':
    case 'name':
    case 'index':
    case 'bind':
      return node;
  }
}

/** What each series is called, once; null = is not shown. */
function namesOf(entries: readonly ShowEntry[]): (string | null)[] {
  return distinctNames(
    entries.map((entry) => (entry.isHidden === true ? null : (entry.name ?? nameOf(entry)))),
  );
}

/** Of several with one name, the later ones are told by their letter. */
export function distinctNames(names: readonly (string | null)[]): (string | null)[] {
  const seen = new Set<string>();
  return names.map((own, i) => {
    if (own === null) return null;
    const name = seen.has(own) ? `${own} (${metricLetters(i)})` : own;
    seen.add(name);
    return name;
  });
}

function nameOf({ type, definition, behavior, measurement }: ShowEntry): string {
  if (type === 'formula') return definition ?? '';
  const own = behaviorName(behavior ?? ({} satisfies BehaviorEntry));
  return `${own} - ${mathName(measurement?.math ?? 'unique')}`;
}

/** Values by name, then segment, then the start of their bucket or `all`. */
export function seriesOf(
  names: readonly (string | null)[],
  report: {
    readonly buckets: readonly Bucket[];
    readonly series: Series;
    readonly isByTime: boolean;
    readonly isSegmented: boolean;
  },
): object {
  const { buckets, series, isByTime, isSegmented } = report;
  const values = ({ values: own, total }: Series[number]): object =>
    isByTime
      ? Object.fromEntries(buckets.map(({ start }, i) => [isoStart(start), own[i] ?? null]))
      : { all: total };
  const shown = names.flatMap((name, metric) => {
    if (name === null) return [];
    const own = series.filter((row) => row.metric === metric);
    const overall = own.find(({ segment }) => segment === null);
    const rows = own.flatMap((row) =>
      row.segment === null ? [] : [{ segment: row.segment, value: values(row) }],
    );
    return [[name, bySegment(overall ? values(overall) : {}, isSegmented ? rows : null)] as const];
  });
  return Object.fromEntries(shown);
}
