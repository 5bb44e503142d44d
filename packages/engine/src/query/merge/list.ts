import type { ListedEvent, ListResult } from '@arbor/schema/result';
import type { PropertyValue } from '@arbor/schema/property-value';
import { listCursor } from '../plan/list-cursor.ts';
import type { EventKey, ListPlan } from '../plan/plan-types.ts';
import { compareEvents, compareIds } from './list-order.ts';
import type { ListedRow, ListedUser, ListPartial } from './partial.ts';

/** A user is whole on a shard, and so are the events of nobody: no entry is in two partial results. */
export function mergeLists(
  plan: ListPlan,
  partials: readonly ListPartial[],
  followUp: readonly ListPartial[] | null,
): ListResult {
  const { total, users, events } = combineLists(plan, partials);
  const page = users.slice(0, plan.limit);
  return {
    type: 'list',
    total,
    users: page.map(({ user }) => user),
    ...(plan.columns.length > 0 && { profiles: page.map(({ properties }) => properties) }),
    events: withProperties(events.slice(0, plan.limit), followUp ?? []),
    next: plan.what === 'users' ? nextUser(plan, users) : nextEvent(plan, events),
  };
}

/** One partial result of several, of users and days that do not overlap. */
export function combineLists(plan: ListPlan, partials: readonly ListPartial[]): ListPartial {
  // The events of a page come back each with some of their properties: every one is needed.
  const most = plan.chosen === null ? plan.limit + 1 : Infinity;
  return {
    type: 'list',
    total: partials.reduce((sum, { total }) => sum + total, 0),
    users: partials
      .flatMap(({ users }) => users)
      .sort((user, other) => compareIds(user.user, other.user))
      .slice(0, most),
    events: partials
      .flatMap(({ events }) => events)
      .sort(compareEvents)
      .slice(0, most),
  };
}

/** The plan that fetches the properties of the events of the page: they are not known before they are chosen. */
export function propertiesOfEvents(
  plan: ListPlan,
  partials: readonly ListPartial[],
): ListPlan | null {
  if (plan.what === 'users' || plan.chosen !== null) return null;
  const { events } = combineLists(plan, partials);
  if (events.length === 0) return null;
  const keys = events
    .slice(0, plan.limit)
    .map(({ user, timeMs, event, rank }): EventKey => ({ user, timeMs, event, rank }));
  return { ...plan, chosen: { keys, properties: null } };
}

function withProperties(
  events: readonly ListedRow[],
  followUp: readonly ListPartial[],
): ListedEvent[] {
  const found = new Map<string, Record<string, PropertyValue>>();
  for (const partial of followUp) {
    for (const row of partial.events) {
      const text = textOf(row);
      found.set(text, { ...found.get(text), ...row.properties });
    }
  }
  return events.map((row) => {
    const { event, timeMs, user } = row;
    return { event, timeMs, user, properties: found.get(textOf(row)) ?? {} };
  });
}

function textOf({ user, timeMs, event, rank }: EventKey): string {
  return JSON.stringify([user, timeMs, event, rank]);
}

function nextUser({ limit }: ListPlan, users: readonly ListedUser[]): string | null {
  if (users.length <= limit) return null;
  return listCursor({ type: 'user', user: users[limit - 1].user });
}

function nextEvent({ limit }: ListPlan, events: readonly ListedRow[]): string | null {
  if (events.length <= limit) return null;
  const { user, timeMs, event, rank } = events[limit - 1];
  return listCursor({ type: 'event', user, timeMs, event, rank });
}
