import type { Plan } from '../../src/query/plan/plan.ts';
import { NeedsByEvent } from '../../src/query/scan/event-needs.ts';
import { type PresenceWant, scanNeeds } from '../../src/query/scan/scan-needs.ts';
import type { DayActivity, EventRows, ScanSource } from '../../src/query/scan/scan-source.ts';

/** What the scan host would have loaded: a scan that reads more than the plan needs shows. */
export function pruned(plan: Plan, source: ScanSource, isFast = true): ScanSource {
  const needs = scanNeeds(plan, isFast);
  const byEvent = new NeedsByEvent(needs);
  const days = source.days.map(({ startMs, events, activity }) => ({
    startMs,
    activity: activity && prunedActivity(activity, byEvent.presenceOn(startMs)),
    events: events.flatMap((rows): EventRows[] => {
      const own = byEvent.of(source.eventNames[rows.event], startMs);
      if (!own) return [];
      return [
        {
          ...rows,
          times: own.times ? rows.times : new Uint32Array(),
          column: (name) => (own.properties.includes(name) ? rows.column(name) : undefined),
        },
      ];
    }),
  }));
  return {
    ...source,
    days,
    personColumn: (name) =>
      needs.personProperties.has(name) ? source.personColumn(name) : undefined,
  };
}

export function prunedActivity(
  activity: DayActivity,
  presence: PresenceWant | null,
): DayActivity | null {
  if (presence !== 'users') return presence && activity;
  return { ...activity, firstTimes: new Uint32Array(), lastTimes: new Uint32Array() };
}
