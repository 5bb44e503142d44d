import { allocateColumns, noItem, sortedByTime, type DayColumns } from './day-columns.ts';
import { DayRandom } from './random.ts';
import { makeTables, type WorldTables } from './tables.ts';
import { draws, nextEvent, sessionEnds, sessionIsOver } from './transitions.ts';
import { makeUsers, userCountOf, type Users } from './users.ts';
import { dayCount, dayMs, events, firstOtherUrl } from './vocabulary.ts';

const hourMs = 3_600_000;
/** Events of a session on average, measured: what turns a number of events into one of sessions. */
const eventsPerSession = 6.52;
const eventsPerSessionMax = 200;
const sessionsPerDayMax = 40;

const code = Object.fromEntries(events.map((name, index) => [name, index])) as Record<
  (typeof events)[number],
  number
>;

/** By day of the week, from Thursday; and a slow growth. */
const weekRhythm = [1.05, 1, 0.84, 0.82, 1.06, 1.1, 1.1];
const seasonOf = (day: number): number => weekRhythm[day % 7] * (1 + 0.001 * day);

/** Interest by days since the sign-up. */
const interest = Float64Array.from({ length: 1000 }, (_, age) => 0.3 + 0.7 * Math.exp(-age / 9));

/**
 * Makes the events of a shop with about `eventCount` events (a Poisson number: 0.997, 9.81, 99.75 million
 * for 1, 10, 100) day by day. The same seed and count always give the same days, in any order of calls.
 */
export class DayGenerator {
  readonly users: Users;
  readonly #tables: WorldTables;
  readonly #seed: number;
  /** Sessions a day and unit of weight. */
  readonly #rate: number;
  #columns: DayColumns = allocateColumns(1 << 16);
  #rowCount = 0;
  readonly #starts = new Float64Array(sessionsPerDayMax + 1);

  constructor(eventCount: number, seed: number) {
    this.#seed = seed;
    this.#tables = makeTables(seed);
    this.users = makeUsers(userCountOf(eventCount), seed, this.#tables);
    this.#rate = sessionRate(this.users, eventCount);
  }

  day(day: number): DayColumns {
    const random = new DayRandom(this.#seed, day);
    const { count, weight, born, dies } = this.users;
    const rate = seasonOf(day) * this.#rate;
    this.#rowCount = 0;
    for (let user = 0; user < count; user++) {
      const birth = born[user];
      if (day < birth || day > dies[user]) continue;
      const sessions =
        (birth === day ? 1 : 0) +
        poisson(weight[user] * rate * interest[day - birth], random.next());
      if (sessions > 0) this.#addSessions(user, day, sessions, random);
    }
    return sortedByTime(this.#columns, this.#rowCount);
  }

  #addSessions(user: number, day: number, count: number, random: DayRandom): void {
    const starts = this.#starts.subarray(0, count);
    for (let i = 0; i < count; i++) {
      const draw = random.next();
      starts[i] = (this.#tables.hour[draw & 4095] + (draw >>> 12) / 1_048_576) * hourMs;
    }
    if (count > 1) starts.sort();
    // Sessions do not overlap, and no two events of a user share an instant.
    let freeFrom = 0;
    for (let i = 0; i < count; i++) {
      const isFirstEver = i === 0 && this.users.born[user] === day;
      const start = Math.max(Math.floor(starts[i]), freeFrom);
      const last = this.#addSession({ user, day, start, isFirstEver }, random);
      freeFrom = last === -1 ? freeFrom : last + 1;
    }
  }

  /** Answers the time of the session's last event, -1 when it would have begun after midnight. */
  #addSession(
    session: { user: number; day: number; start: number; isFirstEver: boolean },
    random: DayRandom,
  ): number {
    const { user, day, isFirstEver } = session;
    const users = this.users;
    const tables = this.#tables;
    const traits = random.next();
    const system = (traits & 255) < 30 ? users.otherSystem[user] : users.system[user];
    const isElsewhere = ((traits >>> 8) & 255) < 8;
    const country = isElsewhere ? tables.country[random.next() & 65_535] : users.country[user];
    const isDirect = ((traits >>> 16) & 255) < 90;
    const referrer = isDirect ? 0 : tables.referrer[random.next() & 65_535];
    // A session on the other system runs in another browser.
    const isUsual = system === users.system[user];
    const browser = isUsual ? users.browser[user] : users.browser[user] ^ 1;
    const isNew = day - users.born[user] <= 1 ? 1 : 0;
    const isBuyer = users.isBuyer[user] === 1;
    const chain = isBuyer ? events.length : 0;

    let time = session.start;
    let last = -1;
    let event = firstEvent(random.next() % 1000, isBuyer, isFirstEver);
    let mustSignUp = isFirstEver;
    let item = noItem;
    let cents = 0;
    let quantity = 0;
    let url = 0;
    for (let length = 0; length < eventsPerSessionMax && time < dayMs; length++) {
      const pick = random.next();
      if (event === code.view_item) {
        item = tables.item[pick & 65_535];
        quantity = 1;
        cents = tables.price[item];
        if (((pick >>> 16) & 7) === 0) cents = Math.round(cents * 0.85);
        url = item * 3 + itemPage((pick >>> 19) & 7);
      } else if (event === code.add_to_cart || event === code.checkout) {
        if (item === noItem) {
          item = tables.item[pick & 65_535];
          cents = tables.price[item];
          quantity = 1;
        }
        if (event === code.add_to_cart) quantity = cartQuantity(pick);
      } else if (event !== code.purchase) {
        url = firstOtherUrl + tables.page[pick & 65_535];
      }
      const isAboutItem =
        event === code.view_item || (event >= code.add_to_cart && event <= code.purchase);

      const row = this.#nextRow();
      const columns = this.#columns;
      columns.time[row] = time;
      columns.user[row] = user;
      columns.event[row] = event;
      columns.system[row] = system;
      columns.browser[row] = browser;
      columns.country[row] = country;
      columns.plan[row] = users.plan[user];
      columns.item[row] = isAboutItem ? item : noItem;
      columns.price[row] = isAboutItem ? cents : 0;
      columns.quantity[row] = isAboutItem ? quantity : 0;
      columns.referrer[row] = referrer;
      columns.url[row] = url;
      columns.isNew[row] = isNew;
      last = time;

      const draw = random.next();
      time += tables.gapMs[draw & 4095] + ((draw >>> 12) & 1023);
      if (mustSignUp) {
        mustSignUp = false;
        event = code.signup;
        continue;
      }
      const next = nextEvent[(chain + event) * draws + (draw >>> 22)];
      if (next === sessionIsOver) break;
      if (next !== sessionEnds) event = next;
      else if (((draw >>> 10) & 255) < 40) event = code.logout;
      else break;
    }
    return last;
  }

  #nextRow(): number {
    if (this.#rowCount === this.#columns.rowCount) this.#columns = doubled(this.#columns);
    return this.#rowCount++;
  }
}

function firstEvent(draw: number, isBuyer: boolean, isFirstEver: boolean): number {
  if (isFirstEver) return code.page_view;
  if (draw < 240) return code.app_open;
  if (draw < 560) return code.login;
  return isBuyer && draw < 640 ? code.checkout : code.page_view;
}

/** Which of an item's three addresses: the plain one most often. */
const itemPage = (draw: number): number => (draw < 5 ? 0 : draw - 4 > 1 ? 2 : 1);

const cartQuantity = (draw: number): number =>
  ((draw >>> 16) & 7) < 6 ? 1 : 1 + ((draw >>> 20) % 4);

function doubled(columns: DayColumns): DayColumns {
  const larger = allocateColumns(columns.rowCount * 2);
  for (const [name, values] of Object.entries(columns)) {
    if (typeof values !== 'number') larger[name as 'time'].set(values);
  }
  return larger;
}

/** A Poisson number by inversion. As 1 − e^−mean ≤ mean, a share above the mean gives 0 without an exponential. */
function poisson(mean: number, draw: number): number {
  const luck = draw / 4_294_967_296;
  if (luck >= mean) return 0;
  let term = Math.exp(-mean);
  let reached = term;
  let count = 0;
  while (1 - luck > reached && count < sessionsPerDayMax) {
    count++;
    term *= mean / count;
    reached += term;
  }
  return count;
}

/** So that the expected sessions of all days, without those that every new user has, are what is wanted. */
function sessionRate(users: Users, eventCount: number): number {
  const step = Math.max(1, Math.floor(users.count / 50_000));
  let expected = 0;
  let certain = 0;
  for (let user = 0; user < users.count; user += step) {
    const birth = users.born[user];
    if (birth >= 0) certain++;
    const end = Math.min(dayCount - 1, users.dies[user]);
    for (let day = Math.max(0, birth); day <= end; day++) {
      expected += users.weight[user] * seasonOf(day) * interest[day - birth];
    }
  }
  return (eventCount / eventsPerSession - certain * step) / (expected * step);
}
