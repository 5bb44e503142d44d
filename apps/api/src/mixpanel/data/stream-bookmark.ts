import type { FilterInput } from '@arbor/schema/query';
import { z } from 'zod';
import type { Asked, Endpoint } from '../endpoint.ts';
import { addDays, todayIn } from '../local-dates.ts';
import type { DataDeps } from './data-deps.ts';
import { eventAnswer, everything, feedOf, type FeedRequest, usersOf } from './feed.ts';

/** Mixpanel's; a page has as many as our own lists have. */
const limitMax = 15_000;
const pageEvents = 10_000;

const windowSchema = z.object({
  unit: z.enum(['day', 'week', 'month']),
  value: z.number().int().min(1).max(3660),
});
const bookmarkSchema = z.object({
  dateRange: z
    .union([
      z.object({ type: z.literal('in the last'), window: windowSchema }),
      z.object({ type: z.literal('between'), from: z.string(), to: z.string() }),
      z.object({ type: z.literal('since'), from: z.string() }),
    ])
    .optional(),
  entries: z.array(z.object({ event: z.object({ value: z.string().min(1) }) })).default([]),
});
/** Where the next page goes on: the cursor of ours, beside what was the last event. */
const sentinelSchema = z.object({ cursor: z.string().min(1) });

/** `/stream/bookmark` (`query-api.md` 10.2): the feed of some users, newest first, page by page. */
export function streamBookmark(deps: DataDeps): Endpoint {
  return {
    path: '/stream/bookmark',
    handle: async (asked: Asked) => {
      const users = await usersOf(deps, asked);
      if (users.length === 0) return answerOf([], null);
      const page = await feedOf(deps, asked, { users, ...readFeed(asked, deps.clock()) });
      const last = page.events.at(-1);
      const isEnd = page.next === null || last === undefined;
      const events = page.events.map(eventAnswer);
      return answerOf(events, isEnd ? null : { ...eventAnswer(last), cursor: page.next });
    },
  };
}

const answerOf = (events: readonly object[], sentinel: object | null): object => ({
  status: 'ok',
  results: { events, sentinel_event: sentinel },
});

function readFeed(asked: Asked, nowMs: number): Omit<FeedRequest, 'users'> {
  const { parameters } = asked;
  const parsed = bookmarkSchema.safeParse(parameters.json('bookmark') ?? {});
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return parameters.refuse('bookmark', `${issue?.path.join('.')}: ${issue?.message}`);
  }
  const { dateRange, entries } = parsed.data;
  const names = parameters.texts('include_events') ?? entries.map(({ event }) => event.value);
  const isAll = names.length === 0 || names.includes('$all_events');
  const sentinel = parameters.json('sentinel_event');
  const cursor =
    sentinel === undefined ? undefined : sentinelSchema.safeParse(sentinel).data?.cursor;
  if (sentinel !== undefined && cursor === undefined) {
    parameters.refuse('sentinel_event', 'must be that of the page before');
  }
  return {
    range: rangeOf(asked, dateRange, nowMs),
    anyOf: isAll ? everything : [{ event: null, definition: names.map((event) => ({ event })) }],
    filters: [
      ...without(parameters.texts('exclude_events')),
      ...searched(parameters.text('search')),
    ],
    limit: Math.min(pageEvents, parameters.integer('limit', { min: 1, max: limitMax }) ?? 100),
    cursor,
  };
}

function rangeOf(
  { project: { timezone }, parameters }: Asked,
  range: z.infer<typeof bookmarkSchema>['dateRange'],
  nowMs: number,
): { from: string; to: string } {
  const today = todayIn(nowMs, timezone);
  if (range === undefined) return { from: '1970-01-01', to: '2100-01-01' };
  if (range.type === 'between') return { from: range.from, to: range.to };
  if (range.type === 'since') return { from: range.from, to: today };
  const days = { day: 1, week: 7, month: 30 }[range.window.unit] * range.window.value;
  if (days > 36_600) parameters.refuse('bookmark', `${days} days are more than a hundred years`);
  return { from: addDays(today, 1 - days), to: today };
}

function without(names: readonly string[] | undefined): FilterInput[] {
  if (names === undefined || names.length === 0) return [];
  return [eventNames('does_not_equal', names)];
}

const searched = (text: string | undefined): FilterInput[] =>
  text === undefined ? [] : [eventNames('contains', [text])];

const eventNames = (
  operator: 'does_not_equal' | 'contains',
  values: readonly string[],
): FilterInput => ({
  type: 'property',
  property: { scope: 'event', name: '$event_name' },
  operator,
  values: [...values],
});
