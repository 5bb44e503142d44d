import type { EventSelectorInput, RetentionQueryInput } from '@arbor/schema/query';
import type { RetentionResult } from '@arbor/schema/result';
import { askQuery, inTurns } from '../ask.ts';
import type { Asked, Endpoint } from '../endpoint.ts';
import type { Parameters } from '../parameters.ts';
import { readSegmentation, readWhere } from '../where.ts';
import { dateBuckets } from './date-buckets.ts';
import type { ReportDeps } from './report-deps.ts';
import { byKey } from './segment-keys.ts';

type Cohorts = RetentionResult['cohorts'];
type Row = { readonly first: number; readonly counts: readonly number[] };

/**
 * `/retention` (`query-api.md` 7.1). Cohorts are buckets of the calendar, intervals roll from each user's own birth. `birth`:
 * a user is in the cohort of his first birth event of the range alone; `compounded`: in each in which he did `event`.
 */
export function retention({ queries }: ReportDeps): Endpoint {
  return {
    path: '/retention',
    handle: async (asked: Asked) => {
      const { parameters } = asked;
      const question = readQuestion(parameters);
      const { query, range, unit, size } = question;
      // Cohorts of several units: of first births they are added up; users of others may be born in several of
      // the units, and are once in each cohort.
      const isSummed = size === 1 || query.births === 'first';
      const buckets = dateBuckets(range, { unit, size, weekStart: asked.project.weekStart });
      const results = isSummed
        ? [await askQuery(queries, asked, { ...query, range })]
        : await inTurns(buckets, (bucket) =>
            askQuery(queries, asked, { ...query, births: 'first', range: bucket }),
          );
      return answerOf(results, isSummed ? size : Infinity, query.breakdowns !== undefined);
    },
  };
}

interface Question {
  readonly query: Omit<RetentionQueryInput, 'range'>;
  readonly range: { readonly from: string; readonly to: string };
  readonly unit: 'day' | 'week' | 'month';
  /** Units a cohort and an interval. */
  readonly size: number;
}

function readQuestion(parameters: Parameters): Question {
  const range = parameters.dates();
  const unit = parameters.choice('unit', ['day', 'week', 'month']) ?? 'day';
  const size = parameters.integer('interval', { min: 1, max: unit === 'day' ? 90 : 366 }) ?? 1;
  const isCompounded =
    parameters.choice('retention_type', ['birth', 'compounded']) === 'compounded';
  const returning = selectorOf(parameters.text('event'), parameters, 'where');
  const birth = isCompounded
    ? returning
    : selectorOf(parameters.required('born_event'), parameters, 'born_where');
  // Interval 0 is there in addition (7.1, Open).
  const most = size === 1 ? 366 : 59;
  const intervals = (parameters.integer('interval_count', { min: 0, max: most }) ?? 1) + 1;
  const on = readSegmentation(parameters, 'on');
  return {
    range,
    unit,
    size,
    query: {
      type: 'retention',
      birth,
      return: returning,
      unit,
      intervals,
      ...(size > 1 && { brackets: Array.from({ length: intervals }, () => size) }),
      mode: 'rolling',
      births: isCompounded ? 'every_bucket' : 'first',
      criterion: parameters.flag('unbounded_retention') === true ? 'on_or_after' : 'on',
      ...(on && {
        breakdowns: [{ property: on }],
        segmentBy: 'return',
        segmentsMax: parameters.integer('limit', { min: 1, max: 10_000 }) ?? 255,
      }),
    },
  };
}

/** Any event where none is named. */
function selectorOf(
  event: string | undefined,
  parameters: Parameters,
  where: string,
): EventSelectorInput {
  return { anyOf: [{ event: event ?? null, filters: readWhere(parameters, where) }] };
}

/** `size`: how many cohorts of an answer are one; Infinity = all of it. */
function answerOf(
  results: readonly RetentionResult[],
  size: number,
  isSegmented: boolean,
): Record<string, Row | Record<string, Row>> {
  const rows = results.flatMap((result): [string, Row | Record<string, Row>][] => {
    const whole = rowsOf(result.cohorts, size);
    if (!isSegmented) return whole;
    const segments = [...byKey(result.segments)].map(
      ([key, { cohorts }]) => [key, rowsOf(cohorts, size)] as const,
    );
    return whole.map(([date, row], i) => {
      const own = segments.flatMap(([key, ofSegment]) => {
        const found = ofSegment[i];
        return found ? [[key, found[1]] as const] : [];
      });
      return [date, { ...Object.fromEntries(own), $overall: row }];
    });
  });
  return Object.fromEntries(rows);
}

function rowsOf(cohorts: Cohorts, size: number): [string, Row][] {
  const rows: [string, Row][] = [];
  for (let start = 0; start < cohorts.length; start += size) {
    const own = cohorts.slice(start, start + size);
    const [first] = own;
    if (first !== undefined) rows.push([first.bucket.start.slice(0, 10), together(own)]);
    if (size === Infinity) break;
  }
  return rows;
}

/** Intervals that lie wholly in the future are left out; what is under way is there (7.1). */
function together(cohorts: Cohorts): Row {
  const begun = Math.max(0, ...cohorts.map(({ counts }) => begunIn(counts)));
  return {
    first: cohorts.reduce((sum, { size }) => sum + size, 0),
    counts: Array.from({ length: begun }, (_, n) =>
      cohorts.reduce((sum, { counts }) => sum + (counts[n] ?? 0), 0),
    ),
  };
}

function begunIn(counts: readonly (number | null)[]): number {
  const future = counts.indexOf(null);
  return future === -1 ? counts.length : future;
}
