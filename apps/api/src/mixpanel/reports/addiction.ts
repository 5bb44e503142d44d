import { askQuery } from '../ask.ts';
import type { Asked, Endpoint } from '../endpoint.ts';
import { daysBetween, addMonths, startOfMonth } from '../local-dates.ts';
import { readSegmentation, readWhere } from '../where.ts';
import type { ReportDeps } from './report-deps.ts';
import { byKey } from './segment-keys.ts';

type Unit = 'day' | 'week' | 'month';
type Per = 'hour' | 'day';
type Rows = readonly { readonly bucket: { readonly start: string }; readonly counts: number[] }[];

/**
 * `/retention/addiction` (`query-api.md` 7.2): how many users were active in at least k hours or days of each day, week
 * or month.
 */
export function addiction({ queries }: ReportDeps): Endpoint {
  return {
    path: '/retention/addiction',
    handle: async (asked: Asked) => {
      const { parameters } = asked;
      const range = parameters.dates();
      const unit = parameters.choice('unit', ['day', 'week', 'month']);
      if (unit === undefined) return parameters.refuse('unit', 'is missing');
      const per = parameters.choice('addiction_unit', ['hour', 'day']);
      if (per === undefined) return parameters.refuse('addiction_unit', 'is missing');
      if (unit === per) parameters.refuse('addiction_unit', `must be smaller than unit, ${unit}`);
      const on = readSegmentation(parameters, 'on');
      const { rows, segments } = await askQuery(queries, asked, {
        type: 'frequency',
        range,
        selector: {
          anyOf: [
            { event: parameters.text('event') ?? null, filters: readWhere(parameters, 'where') },
          ],
        },
        unit,
        per,
        ...(on && {
          breakdowns: [{ property: on }],
          segmentsMax: parameters.integer('limit', { min: 1, max: 10_000 }) ?? 255,
        }),
      });
      const whole = countsByDate(rows, unit, per);
      if (!on) return { data: Object.fromEntries(whole) };
      const own = [...byKey(segments)].map(
        ([key, table]) => [key, new Map(countsByDate(table.rows, unit, per))] as const,
      );
      const data = whole.map(([date, overall]) => {
        const ofDate = own.map(([key, table]) => [key, table.get(date) ?? []] as const);
        return [date, { ...Object.fromEntries(ofDate), $overall: overall }] as const;
      });
      return { data: Object.fromEntries(data) };
    },
  };
}

/** As many numbers as that day, week or month has hours or days (7.2, Open). */
function countsByDate(rows: Rows, unit: Unit, per: Per): [string, number[]][] {
  return rows.map(({ bucket, counts }) => {
    const date = bucket.start.slice(0, 10);
    const length = daysIn(unit, date) * (per === 'hour' ? 24 : 1);
    return [date, counts.slice(0, length)];
  });
}

function daysIn(unit: Unit, date: string): number {
  if (unit !== 'month') return unit === 'week' ? 7 : 1;
  const start = startOfMonth(date);
  return daysBetween(start, addMonths(start, 1));
}
