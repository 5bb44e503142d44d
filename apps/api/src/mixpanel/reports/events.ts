import type { Asked, Endpoint } from '../endpoint.ts';
import { addDays, todayIn, wallClock } from '../local-dates.ts';
import type { Parameters } from '../parameters.ts';
import { measureOf, readCountType } from './count-type.ts';
import { countEvents, ranked, shownEvents } from './event-counts.ts';
import type { ReportDeps } from './report-deps.ts';
import { answerSeries } from './series-answer.ts';
import type { SpanContext } from './span.ts';
import { bucketKeys, recentSpan } from './span.ts';

/** `/events` (`query-api.md` 5): several events over time. */
export function events(deps: ReportDeps): Endpoint {
  return {
    path: '/events',
    handle: async (asked: Asked) => {
      const { parameters, project } = asked;
      const asEvents = parameters.texts('event') ?? parameters.refuse('event', 'is missing');
      const names = [...new Set(asEvents)];
      if (names.length === 0) parameters.refuse('event', 'names no event');
      const span = recentSpan(parameters, { project, nowMs: deps.clock() });
      const type = readCountType(parameters, span.unit);
      const { buckets, series } = await countEvents(deps, asked, {
        events: names.map((event) => ({ event })),
        measure: measureOf(type),
        over: span,
      });
      const lines = names.map((name, i) => [name, series[i]?.values ?? []] as const);
      return answerSeries(asked, bucketKeys(buckets, span.unit), new Map(lines));
    },
  };
}

/** `/events/top` (5): events of today, and how they compare with yesterday up to the same time of day. */
export function topEvents(deps: ReportDeps): Endpoint {
  return {
    path: '/events/top',
    handle: async (asked: Asked) => {
      const { parameters, project } = asked;
      const type = readCountType(parameters, 'day');
      const limit = parameters.integer('limit', { min: 1, max: 5000 }) ?? 100;
      const names = await shownEvents(deps, asked);
      const { series } = await countEvents(deps, asked, {
        events: names.map((event) => ({ event })),
        measure: measureOf(type),
        over: todayBesideYesterday(project.timezone, deps.clock()),
      });
      const rows = names.map((name, i) => {
        const [before, , now] = series[i]?.values ?? [];
        return { name, amount: now ?? 0, percent_change: change(before ?? 0, now ?? 0) };
      });
      const top = ranked(rows).slice(0, limit);
      return {
        type,
        events: top.map(({ name, ...numbers }) => ({ event: name, ...numbers })),
      };
    },
  };
}

/** Three buckets: yesterday up to this time of day, the rest of it, and today up to now. */
function todayBesideYesterday(timezone: string, nowMs: number) {
  const clock = wallClock(nowMs, timezone);
  const today = clock.slice(0, 10);
  const yesterday = addDays(today, -1);
  const until = new Date(nowMs + 1).toISOString();
  const edges = [yesterday, `${yesterday}${clock.slice(10)}`, today, until];
  return { range: { from: yesterday, to: today }, unit: 'day' as const, edges };
}

/** As a fraction; something after nothing is 1 (5, Open). */
function change(before: number, now: number): number {
  if (before === 0) return now === 0 ? 0 : 1;
  return (now - before) / before;
}

/** `/events/names` (5): names of the last 31 days, or of some dates, most common first. */
export function eventNames(deps: ReportDeps): Endpoint {
  return {
    path: '/events/names',
    handle: async (asked: Asked) => {
      const { parameters, project } = asked;
      const type = readCountType(parameters, 'day');
      const limit = parameters.integer('limit', { min: 1, max: 5000 }) ?? 255;
      const range = recentRange(parameters, { project, nowMs: deps.clock() });
      const names = await shownEvents(deps, asked);
      const { series } = await countEvents(deps, asked, {
        events: names.map((event) => ({ event })),
        measure: measureOf(type),
        over: { range },
      });
      const rows = names.map((name, i) => ({ name, amount: series[i]?.total ?? 0 }));
      return ranked(rows)
        .slice(0, limit)
        .map(({ name }) => name);
    },
  };
}

/** The dates that were given, else the last 31 days, today included. */
export function recentRange(
  parameters: Parameters,
  { project, nowMs }: SpanContext,
): { readonly from: string; readonly to: string } {
  if (parameters.has('from_date') || parameters.has('to_date')) return parameters.dates();
  const today = todayIn(nowMs, project.timezone);
  return { from: addDays(today, -30), to: today };
}
