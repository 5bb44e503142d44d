import type { Plan } from '../../src/query/plan/plan.ts';
import { NeedsByEvent } from '../../src/query/scan/event-needs.ts';
import { type PresenceWant, scanNeeds } from '../../src/query/scan/scan-needs.ts';
import { type EventOutline, isBarren } from '../../src/query/scan/event-hope.ts';
import { judgeDictionary } from '../../src/query/scan/verdict-cache.ts';
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
      const hope = byEvent.hopeOf(source.eventNames[rows.event], startMs);
      if (hope !== null && isBarren(hope, outlineOf(rows))) return [];
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

/** What the index of a segment would say of the rows. */
function outlineOf(rows: EventRows): EventOutline {
  const hourCounts = new Uint32Array(24);
  for (const time of rows.times) hourCounts[Math.floor(time / 3_600_000)]++;
  return {
    firstTime: Math.min(...rows.times),
    lastTime: Math.max(...rows.times),
    hourCounts,
    property: (name) => {
      const column = rows.column(name);
      const codes = [...(column?.codes ?? [])].filter((code) => code > 0);
      if (column === undefined || codes.length === 0) return undefined;
      return {
        isInEachRow: codes.length === rows.rowCount,
        codeMin: Math.min(...codes),
        codeMax: Math.max(...codes),
        verdicts: (filter) => judgeDictionary(filter, column.dictionary),
      };
    },
  };
}

export function prunedActivity(
  activity: DayActivity,
  presence: PresenceWant | null,
): DayActivity | null {
  if (presence !== 'users') return presence && activity;
  return { ...activity, firstTimes: new Uint32Array(), lastTimes: new Uint32Array() };
}
