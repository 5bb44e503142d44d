import type { Properties } from '@arbor/schema/property-value';
import type { EventSelector } from '@arbor/schema/query';
import { buildViews } from '../model/build-views.ts';
import type { World, WorldEvent } from '../model/world.ts';

/** "03-04 09:00" of 2024 in UTC. */
export function at(text: string): number {
  return Date.parse(`2024-${text.replace(' ', 'T')}Z`);
}

export function did(
  user: string,
  event: string,
  time: string,
  properties: Properties = {},
): WorldEvent {
  return { user, event, time: at(time), properties };
}

/** reports.md 1, sample data D1. */
export const d1: World = {
  events: [
    did('u1', 'Signup', '03-04 09:00'),
    did('u1', 'Play', '03-04 09:10', { song: 'A', secs: 100, tags: ['rock', 'pop'] }),
    did('u2', 'Signup', '03-04 10:00'),
    did('u1', 'Play', '03-05 08:00', { song: 'B', secs: 50, tags: ['rock'] }),
    did('u2', 'Play', '03-05 09:00', { song: 'A', secs: 200, tags: ['jazz', 'jazz'] }),
    did('u3', 'Signup', '03-05 23:30'),
    did('u3', 'Play', '03-06 00:10', { song: 'C', secs: 30 }),
    did('u1', 'Play', '03-06 12:00', { song: 'A', secs: 'n/a', tags: [] }),
    did('u2', 'Play', '03-11 09:00', { song: 'B', secs: 120, tags: ['pop'] }),
    did('u4', 'Play', '03-12 10:00', { song: 'A', secs: 300, tags: ['rock'] }),
  ],
  people: { u1: { plan: 'pro' }, u2: { plan: 'pro' }, u3: { plan: 'free' } },
};

export const d1Views = buildViews(d1, 3);

/** Views of a small world of one test. */
export function viewsOf(...events: WorldEvent[]) {
  return buildViews({ events, people: {} }, 2);
}

export const only = (event: string): EventSelector => ({ anyOf: [{ event, filters: [] }] });

export const event = (name: string) => ({ scope: 'event' as const, name });
export const person = (name: string) => ({ scope: 'person' as const, name });
