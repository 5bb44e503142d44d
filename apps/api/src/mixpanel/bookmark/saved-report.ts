import type {
  Breakdown,
  EventSelector,
  FunnelQuery,
  InsightsQuery,
  Metric,
  RetentionQuery,
} from '@arbor/schema/query';
import type { SavedReport } from '@arbor/schema/saved-reports';
import { ApiError } from '../../errors.ts';
import { queryNow } from '../../reports/resolve-range.ts';
import { askQuery } from '../ask.ts';
import type { Asked } from '../endpoint.ts';
import type { ReportDeps } from '../reports/report-deps.ts';
import type { TimeContext } from './bookmark-time.ts';
import { mathName } from './bookmark-measure.ts';
import { tableOf as funnelTable } from './funnel-report.ts';
import { distinctNames, seriesOf } from './insights-report.ts';
import { bySegment, reportAnswer } from './report-answer.ts';
import { tableOf as retentionTable } from './retention-report.ts';

/** A report that was saved, by its number (`query-api.md` 3): insights, a funnel or a retention, as inline ones answer. */
export async function savedReport(deps: ReportDeps, asked: Asked, id: number): Promise<object> {
  const report = await visibleReport(deps, asked, id, 'bookmark_id');
  const { project } = asked;
  const context = { project, nowMs: deps.clock() };
  const query = queryNow(report, project.timezone, context.nowMs);
  switch (query.type) {
    case 'insights':
      return savedInsights(deps, asked, { query, context });
    case 'funnel':
      return savedFunnel(deps, asked, { query, context, name: report.name });
    case 'retention':
      return savedRetention(deps, asked, { query, context, name: report.name });
    case 'flow':
      throw new ApiError(
        'INVALID_REQUEST',
        `bookmark_id: ${id} is a report of flows; ask it at /arb_funnels`,
      );
  }
}

/** One in the bin is not there for scripts. */
export async function visibleReport(
  { savedReports }: Pick<ReportDeps, 'savedReports'>,
  { project }: Asked,
  id: number,
  parameter: string,
): Promise<SavedReport> {
  const report = await savedReports.get(project.id, id);
  if (!report.archived) return report;
  throw new ApiError('NOT_FOUND', `${parameter}: there is no saved report ${id}`);
}

type Question<Q> = { readonly query: Q; readonly context: TimeContext };

async function savedInsights(
  { queries }: ReportDeps,
  asked: Asked,
  { query, context }: Question<InsightsQuery>,
): Promise<object> {
  const result = await askQuery(queries, asked, query);
  const { buckets, series } = result;
  const names = distinctNames([
    ...query.metrics.map(metricName),
    ...query.formulas.map(({ name, expression }) => name ?? expression),
  ]);
  const isByTime = query.unit !== 'total';
  const isSegmented = query.breakdowns.length > 0;
  return reportAnswer(query.range, context, {
    headers: headersOf(query.breakdowns),
    series: seriesOf(names, { buckets, series, isByTime, isSegmented }),
  });
}

async function savedFunnel(
  { queries }: ReportDeps,
  asked: Asked,
  { query, context, name }: Question<FunnelQuery> & { readonly name: string },
): Promise<object> {
  const result = await askQuery(queries, asked, query);
  const names = query.steps.map(selectorName);
  const rows = result.segments.map(({ segment, steps }) => ({
    segment,
    value: funnelTable(names, ['all'], [steps]),
  }));
  const overall = funnelTable(names, ['all'], [result.steps]);
  return reportAnswer(query.range, context, {
    headers: headersOf(query.breakdowns),
    series: { [name]: bySegment(overall, query.breakdowns.length > 0 ? rows : null) },
  });
}

async function savedRetention(
  { queries }: ReportDeps,
  asked: Asked,
  { query, context, name }: Question<RetentionQuery> & { readonly name: string },
): Promise<object> {
  const result = await askQuery(queries, asked, query);
  const rows = result.segments.map(({ segment, ...table }) => ({
    segment,
    value: retentionTable(table),
  }));
  return reportAnswer(query.range, context, {
    headers: headersOf(query.breakdowns),
    series: {
      [name]: bySegment(retentionTable(result), query.breakdowns.length > 0 ? rows : null),
    },
  });
}

function headersOf(breakdowns: readonly Breakdown[]): string[] {
  const names = breakdowns.map((one) => (one.type === 'cohort' ? '$cohorts' : one.property.name));
  return ['$metric', ...names];
}

/** What a step or metric is called in answers. */
export function selectorName({ label, anyOf }: EventSelector): string {
  return label ?? anyOf.map(({ event }) => event ?? '$mp_anything_event').join(', ');
}

function metricName(metric: Metric): string {
  switch (metric.type) {
    case 'people':
      return `Users - ${mathName(metric.measure.type)}`;
    case 'cohort':
      return 'Cohort';
    case 'funnel':
      return metric.funnel.steps.map(selectorName).join(' → ');
    case 'retention':
      return `${selectorName(metric.retention.birth)} → ${selectorName(metric.retention.return)}`;
    case 'events':
    case undefined:
      return `${selectorName(metric.selector)} - ${mathName(metric.measure.type)}`;
  }
}
