import type { ActivityEvent, UserProfile } from '@arbor/schema/users-result';
import { ownProperties, valueText } from '#format/property-value.ts';
import { dateIn, dayCount, type CalendarDate } from '#report/calendar-date.ts';

/** A line of the feed: the day above its events, an event, or days on which there was nothing. */
export type ActivityItem =
  | { readonly type: 'day'; readonly date: CalendarDate; readonly count: number | null }
  | { readonly type: 'gap'; readonly date: CalendarDate; readonly days: number }
  | { readonly type: 'event'; readonly index: number; readonly event: ActivityEvent };

/** From so many days on it is worth telling that there was nothing. */
const gapDaysMin = 2;

/**
 * Events, newest first, below the days of the project's zone. `days`: how many events a day has in all, where the feed
 * shows all of them; else null.
 */
export function activityItems(
  events: readonly ActivityEvent[],
  timezone: string,
  days: UserProfile['days'] | null,
): readonly ActivityItem[] {
  const counts = new Map(days?.map(({ date, count }) => [date, count]));
  const items: ActivityItem[] = [];
  let day: CalendarDate | null = null;
  for (const [index, event] of events.entries()) {
    const date = dateIn(timezone, event.timeMs);
    if (date !== day) {
      const silent = day === null ? 0 : dayCount(date, day) - 2;
      if (silent >= gapDaysMin) items.push({ type: 'gap', date, days: silent });
      items.push({ type: 'day', date, count: counts.get(date) ?? null });
      day = date;
    }
    items.push({ type: 'event', index, event });
  }
  return items;
}

const detailMax = 3;

/** What a line says of an event beside its name: properties of the customer's own, else the page it was on. */
export function eventDetail({ properties }: ActivityEvent): string {
  const own = ownProperties(properties).slice(0, detailMax);
  if (own.length > 0) return own.map(([name, value]) => `${name}: ${valueText(value)}`).join('  ');
  const page = properties['$current_url'];
  return typeof page === 'string' ? page : '';
}
