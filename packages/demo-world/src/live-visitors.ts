import { createCalendar } from './calendar.ts';
import { demoProject } from './demo-project.ts';
import { dayOf, daysBetween } from './local-day.ts';
import { createPerson } from './person.ts';
import { planVisit } from './plan-visit.ts';
import { profileOf } from './profile.ts';
import { hash32, Random } from './random.ts';
import type { DemoEvent, DemoPerson } from './record.ts';
import { createMemory, playVisit } from './visit.ts';
import { worldStart } from './world.ts';

/** One record and the instant it happens. */
export type LiveRecord =
  | { readonly kind: 'event'; readonly at: number; readonly event: DemoEvent }
  | { readonly kind: 'person'; readonly at: number; readonly person: DemoPerson };

export interface LiveOptions {
  /** Decides who comes. Give each run another one: insert ids and new people are made from it. */
  readonly seed: number;
  /** The world whose customers come back, as it was made. */
  readonly world: { readonly seed: number; readonly endDay: string };
  readonly clock: () => number;
  readonly eventsPerSecond?: number;
}

/** Events of an average visit, measured over the history; a test keeps it true. */
const eventsPerVisit = 6.8;
/** A visit is rarely longer: so long ago the first visitors began who are here at the start. */
const warmUpMs = 15 * 60_000;
/** After a pause of the machine the missed time is left out instead of being caught up. */
const lagMax = 60_000;

/**
 * People who are in the shop right now: an endless stream of records in order of time, a few a second,
 * played by the same rules as the history. Some are customers of the history, the others are new.
 */
export function* createLiveVisitors(options: LiveOptions): Generator<LiveRecord, never, undefined> {
  const { clock, eventsPerSecond = 2 } = options;
  const random = new Random(hash32(options.seed, 1));
  const draw = createVisitDrawer(options, random);
  const meanGap = (1000 * eventsPerVisit) / eventsPerSecond;
  // Bounded by the visits that overlap: about one per `meanGap` for as long as a visit lasts.
  let waiting: LiveRecord[] = [];
  let from = clock();
  let nextVisit = from - warmUpMs;
  for (;;) {
    if (clock() - from > lagMax) {
      from = clock();
      nextVisit = Math.max(nextVisit, from - warmUpMs);
    }
    const next = waiting[waiting.length - 1];
    if (next === undefined || nextVisit <= next.at) {
      waiting = merge(waiting, draw(nextVisit), from);
      nextVisit += random.exponential(meanGap);
      continue;
    }
    waiting.pop();
    if (next.at < from) continue;
    from = next.at;
    yield next;
  }
}

/** Latest first, so that the next one is taken from the end; what is over already is left out. */
function merge(
  waiting: readonly LiveRecord[],
  visit: readonly LiveRecord[],
  from: number,
): LiveRecord[] {
  const ahead = visit.filter(({ at }) => at >= from);
  return [...waiting, ...ahead].sort((a, b) => b.at - a.at);
}

function createVisitDrawer(
  options: LiveOptions,
  random: Random,
): (start: number) => readonly LiveRecord[] {
  const { seed, world } = options;
  const { firstDay, existing } = worldStart(world);
  const calendar = createCalendar({ endDay: world.endDay, days: 90, newcomers: 0 });
  let visits = 0;
  return (start) => {
    const visit = visits++;
    const back = random.chance(0.4);
    const person = back
      ? createPerson(world.seed, random.below(existing), true)
      : createPerson(hash32(seed, 2), visit, false);
    const memory = createMemory(person);
    const dayIndex = daysBetween(firstDay, dayOf(start, demoProject.timezone));
    const { events, signedUpAt } = playVisit(
      planVisit({
        person,
        memory,
        calendar,
        dayIndex,
        start,
        end: Infinity,
        id: `v${seed.toString(36)}-${visit.toString(36)}`,
        random: new Random(hash32(seed, visit, 3)),
      }),
    );
    const records: LiveRecord[] = events.map((event) => ({
      kind: 'event',
      at: event.properties.time,
      event,
    }));
    if (signedUpAt !== undefined) {
      // Only a newcomer's profile: what a customer of the history has spent is not known here.
      const at = memory.lastTime + 1000;
      const update = { time: at, createdAt: signedUpAt };
      records.push({ kind: 'person', at, person: profileOf(person, memory, update) });
    }
    return records;
  };
}
