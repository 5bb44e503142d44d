import type { FastifyReply } from 'fastify';
import type { Asked } from '../endpoint.ts';
import { csvText } from './csv.ts';

/** Lines of a chart by their keys, aligned with `dates`. */
export type Lines = ReadonlyMap<string, readonly (number | null)[]>;

/**
 * `{"data": {"series": dates, "values": {key: {date: n}}}, "legend_size": k}` (`query-api.md` 4.1), or with `format=csv`
 * a line a date. Every date has a number: 0 where there is nothing.
 */
export function answerSeries(
  { parameters, reply }: Pick<Asked, 'parameters' | 'reply'>,
  dates: readonly string[],
  lines: Lines,
): object | FastifyReply {
  if (parameters.choice('format', ['json', 'csv']) === 'csv') {
    const rows = dates.map((date, i) => [
      date,
      ...[...lines.values()].map((line) => String(line[i] ?? 0)),
    ]);
    void reply.header('content-type', 'text/csv; charset=utf-8');
    return reply.send(csvText([['date', ...lines.keys()], ...rows]));
  }
  const values = [...lines].map(([key, line]) => [key, numbersByDate(dates, line)] as const);
  return {
    data: { series: dates, values: Object.fromEntries(values) },
    legend_size: lines.size,
  };
}

export function numbersByDate(
  dates: readonly string[],
  line: readonly (number | null)[],
): Record<string, number> {
  return Object.fromEntries(dates.map((date, i) => [date, line[i] ?? 0]));
}
