import { createCalendar, hoursInApp, hoursOnWeb } from './calendar.ts';
import type { Calendar } from './calendar.ts';
import { demoProject } from './demo-project.ts';
import { addDays, dayStart, daysBetween } from './local-day.ts';
import type { Person } from './person.ts';
import { createPerson } from './person.ts';
import { planVisit } from './plan-visit.ts';
import { profileOf } from './profile.ts';
import { hash32, Random, uniform } from './random.ts';
import type { DayChunk, DemoEvent, DemoPerson } from './record.ts';
import type { Memory, Order } from './visit.ts';
import { createMemory, playVisit } from './visit.ts';

export interface WorldOptions {
  readonly seed: number;
  /** YYYY-MM-DD in the project's zone: the last whole day of the history. */
  readonly endDay: string;
  readonly days?: number;
  /** People who appear in the history, with or without an account. */
  readonly users?: number;
  /** The world is played up to this day, which may lie behind the history. Default: `endDay`. */
  readonly untilDay?: string;
}

/** Share of the people who had an account before the first day. */
const existingShare = 0.17;

/**
 * Plays the demo shop from its first day on, a chunk a local day. The same options give the same
 * records, byte for byte; a later `untilDay` only adds days behind.
 *
 * Identity: a device speaks as a stranger before its owner signs up, or only after, never both for two
 * accounts; a second device first speaks at least `secondDeviceAge` days after the sign-up, by logging
 * in. So every identifier is new when it is linked, whatever the order within a few days.
 */
export function* createWorld(options: WorldOptions): Generator<DayChunk, void, undefined> {
  const { endDay, days = 90, users = 20_000, untilDay = endDay } = options;
  const existing = Math.round(users * existingShare);
  const calendar = createCalendar({ endDay, days, newcomers: users - existing });
  const world = new World(options.seed, calendar, existing);
  const last = daysBetween(calendar.firstDay, untilDay);
  for (let dayIndex = 0; dayIndex <= last; dayIndex++) yield world.play(dayIndex);
}

/** The first day of a history and the number of people whose accounts are older than it. */
export function worldStart(options: WorldOptions): { firstDay: string; existing: number } {
  const { endDay, days = 90, users = 20_000 } = options;
  return { firstDay: addDays(endDay, 1 - days), existing: Math.round(users * existingShare) };
}

interface Inhabitant {
  readonly person: Person;
  readonly memory: Memory;
  readonly arrivalDay: number;
  /** When the account was made, once there is one. */
  createdAt: number | undefined;
}

interface Refund {
  readonly inhabitant: Inhabitant;
  readonly order: Order;
}

interface Day {
  readonly index: number;
  readonly start: number;
  readonly end: number;
  readonly events: DemoEvent[];
  /** Whose profile changed, with the instant. */
  readonly changed: Map<Inhabitant, number>;
}

class World {
  readonly #seed: number;
  readonly #calendar: Calendar;
  /** Those who may still come. */
  #active: Inhabitant[] = [];
  #people = 0;
  readonly #refunds = new Map<number, Refund[]>();

  constructor(seed: number, calendar: Calendar, existing: number) {
    this.#seed = seed;
    this.#calendar = calendar;
    const start = dayStart(calendar.firstDay, demoProject.timezone);
    for (let count = 0; count < existing; count++) this.#active.push(this.#settle(start));
  }

  play(index: number): DayChunk {
    const day = addDays(this.#calendar.firstDay, index);
    const start = dayStart(day, demoProject.timezone);
    const end = dayStart(addDays(day, 1), demoProject.timezone);
    const today: Day = { index, start, end, events: [], changed: new Map() };
    if (index === 0) for (const one of this.#active) today.changed.set(one, start);
    this.#receive(today);
    this.#welcome(today);
    this.#refund(today);
    today.events.sort((a, b) => a.properties.time - b.properties.time);
    return { day, events: today.events, people: profilesOf(today) };
  }

  /** Somebody with an account from before the history. */
  #settle(historyStart: number): Inhabitant {
    const person = createPerson(this.#seed, this.#people++, true);
    const random = new Random(hash32(person.seed, 4));
    const memory = createMemory(person);
    memory.orders = Math.floor(random.exponential(2.2));
    memory.spent = Math.round(memory.orders * (30 + random.next() * 80) * 100) / 100;
    const daysAgo = 1 + random.below(700);
    return { person, memory, arrivalDay: -daysAgo, createdAt: historyStart - daysAgo * 86_400_000 };
  }

  /** Visits of those who were here before. */
  #receive(today: Day): void {
    const active: Inhabitant[] = [];
    const activity = this.#calendar.activity(today.index);
    for (const inhabitant of this.#active) {
      const { person, arrivalDay } = inhabitant;
      const age = person.existing ? today.index : today.index - arrivalDay;
      if (age > person.lifetimeDays) continue;
      active.push(inhabitant);
      const freshness = person.existing ? 0.55 : 0.35 + 0.65 * Math.exp(-age / 14);
      const rate = person.visitRate * freshness * activity;
      const draw = uniform(person.seed, today.index, 5);
      if (draw < rate) this.#visit(inhabitant, today, 0);
      // Whoever comes nearly every day sometimes comes twice.
      if (draw < rate * rate * 0.5) this.#visit(inhabitant, today, 1);
    }
    this.#active = active;
  }

  /** First visits. */
  #welcome(today: Day): void {
    for (let count = this.#calendar.arrivals(today.index); count > 0; count--) {
      const person = createPerson(this.#seed, this.#people++, false);
      const inhabitant: Inhabitant = {
        person,
        memory: createMemory(person),
        arrivalDay: today.index,
        createdAt: undefined,
      };
      this.#visit(inhabitant, today, 0);
      if (person.lifetimeDays > 0) this.#active.push(inhabitant);
    }
  }

  #visit(inhabitant: Inhabitant, today: Day, nth: number): void {
    const { person, memory } = inhabitant;
    const random = new Random(hash32(person.seed, today.index, 6 + nth));
    const start = Math.max(startOfVisit(person, today, random), memory.lastTime + 1_800_000);
    if (start >= today.end) return;
    const id = `w${this.#seed.toString(36)}-${person.index.toString(36)}-${today.index.toString(36)}${nth === 0 ? '' : '-b'}`;
    const { events, signedUpAt, order } = playVisit(
      planVisit({
        person,
        memory,
        calendar: this.#calendar,
        dayIndex: today.index,
        start,
        end: today.end,
        id,
        random,
      }),
    );
    for (const event of events) today.events.push(event);
    if (signedUpAt !== undefined) inhabitant.createdAt = signedUpAt;
    if (memory.signedUp && (signedUpAt ?? order) !== undefined) {
      today.changed.set(inhabitant, memory.lastTime);
    }
    if (order !== undefined && random.chance(0.065)) {
      this.#sendBack({ inhabitant, order }, today.index + random.between(2, 14));
    }
  }

  #sendBack(refund: Refund, dayIndex: number): void {
    const due = this.#refunds.get(dayIndex) ?? [];
    due.push(refund);
    this.#refunds.set(dayIndex, due);
  }

  /** Parcels that came back: the shop's own server reports them, in office hours. */
  #refund(today: Day): void {
    for (const { inhabitant, order } of this.#refunds.get(today.index) ?? []) {
      const { person, memory } = inhabitant;
      const random = new Random(hash32(person.seed, today.index, 8));
      const part = random.chance(0.75) ? 1 : 0.5;
      const device = person.devices[0]?.id ?? '';
      today.events.push({
        event: 'Order refunded',
        properties: {
          time: today.start + Math.floor((9 + random.next() * 8) * 3_600_000),
          distinct_id: memory.signedUp ? person.userId : `$device:${device}`,
          $insert_id: `r-${order.id.toLowerCase()}`,
          mp_lib: 'node',
          mp_country_code: person.place.country,
          $city: person.place.city,
          $region: person.place.region,
          order_id: order.id,
          amount: Math.round(order.amount * part * 100) / 100,
          currency: 'EUR',
          reason: random.pick(['Does not fit', 'Damaged', 'Not as described', 'Changed my mind']),
        },
      });
    }
    this.#refunds.delete(today.index);
  }
}

function startOfVisit(person: Person, today: Day, random: Random): number {
  const onWeb = person.devices[0]?.traits.platform === 'Web';
  const hours = onWeb ? hoursOnWeb : hoursInApp;
  const hour = random.weighted(hours).hour;
  const shifted = (hour + person.place.hoursBehind) % 24;
  return today.start + Math.floor((shifted + random.next()) * 3_600_000);
}

function profilesOf(today: Day): DemoPerson[] {
  return Array.from(today.changed, ([{ person, memory, createdAt }, time]) =>
    profileOf(person, memory, { time, createdAt }),
  );
}
