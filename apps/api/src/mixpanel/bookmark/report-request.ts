import type { Breakdown, FilterInput, Range, TimeUnit } from '@arbor/schema/query';
import type { QueryService } from '../../dqs/ports.ts';
import type { Asked } from '../endpoint.ts';
import { readFilters } from './bookmark-filters.ts';
import { readGroups } from './bookmark-groups.ts';
import type { Bookmark } from './bookmark-schema.ts';
import type { TimeContext } from './bookmark-time.ts';
import { readRange, readUnit } from './bookmark-time.ts';

/** What all reports of a bookmark have in common, in our words (`query-api.md` 13.2). */
export interface ReportRequest {
  readonly queries: QueryService;
  readonly asked: Asked;
  readonly context: TimeContext;
  readonly range: Range;
  readonly unit: TimeUnit;
  /** A value a bucket; otherwise one over the whole range (`reports.md` 4.2). */
  readonly isByTime: boolean;
  readonly filters: FilterInput[];
  readonly breakdowns: Breakdown[];
  readonly segmentsMax: number;
  /** How series are nested, from the outside in. */
  readonly headers: readonly string[];
}

export function readReport(
  bookmark: Bookmark,
  request: Pick<ReportRequest, 'queries' | 'asked' | 'context' | 'segmentsMax'>,
): ReportRequest {
  const { sections, displayOptions } = bookmark;
  const [time] = sections.time;
  const { nowMs } = request.context;
  const chart = (displayOptions ?? sections.displayOptions)?.chartType ?? 'line';
  const determiner = sections.filterOperator ?? sections.determiner;
  return {
    ...request,
    range: readRange(time ?? {}, request.context),
    unit: readUnit(time?.unit),
    isByTime: /line|column|trend/.test(chart),
    filters: readFilters(sections.filter, determiner, nowMs),
    breakdowns: readGroups(sections.group, nowMs),
    headers: ['$metric', ...sections.group.map(groupName)],
  };
}

function groupName(group: Bookmark['sections']['group'][number]): string {
  const name = group.propertyName ?? group.name ?? group.value;
  return typeof name === 'string' ? name : (group.customProperty?.displayFormula ?? '$cohorts');
}
