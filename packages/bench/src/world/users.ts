import { drawTable, mix32 } from './random.ts';
import type { WorldTables } from './tables.ts';
import { dayCount } from './vocabulary.ts';

/** Everybody the project knows, by number; each attribute follows from the number and the seed alone. */
export interface Users {
  readonly count: number;
  /** How active, Pareto distributed (1.4), at most 250 times the least. */
  readonly weight: Float32Array;
  /** Day of the sign-up; negative = before the data begins. */
  readonly born: Int16Array;
  /** Last day on which they may come. */
  readonly dies: Int16Array;
  readonly system: Uint8Array;
  /** What some of their sessions run on instead. */
  readonly otherSystem: Uint8Array;
  readonly browser: Uint8Array;
  readonly country: Uint8Array;
  readonly plan: Uint8Array;
  readonly isBuyer: Uint8Array;
}

/** One user to 40 events, as many projects have. */
export const userCountOf = (eventCount: number): number =>
  Math.max(100, Math.round(eventCount * 0.025));

/** Which browser, by operating system. */
const browserWeights = [
  [60, 0, 25, 10, 0, 2, 2, 1],
  [20, 75, 0, 2, 0, 0, 1, 2],
  [72, 0, 0, 4, 20, 2, 1, 1],
  [45, 45, 1, 7, 0, 0, 1, 1],
  [50, 0, 1, 45, 0, 1, 2, 1],
  [98, 0, 0, 1, 0, 1, 0, 0],
];

const hashOf = (user: number, seed: number, salt: number): number =>
  mix32(Math.imul(user, 0x9e3779b1) ^ mix32(seed * 101 + salt));

/** A hash as a number above 0 and at most 1. */
const share = (hash: number): number => (hash + 1) / 4_294_967_297;

export function makeUsers(count: number, seed: number, tables: WorldTables): Users {
  const users: Users = {
    count,
    weight: new Float32Array(count),
    born: new Int16Array(count),
    dies: new Int16Array(count),
    system: new Uint8Array(count),
    otherSystem: new Uint8Array(count),
    browser: new Uint8Array(count),
    country: new Uint8Array(count),
    plan: new Uint8Array(count),
    isBuyer: new Uint8Array(count),
  };
  const systemTable = drawTable([34, 24, 24, 13, 3, 2], new Uint8Array(256));
  const planTable = drawTable([70, 18, 9, 3], new Uint8Array(256));
  const browserTables = browserWeights.map((weights) => drawTable(weights, new Uint8Array(256)));
  for (let u = 0; u < count; u++) {
    users.weight[u] = Math.min(share(hashOf(u, seed, 1)) ** (-1 / 1.4), 250);
    setLife(users, u, hashOf(u, seed, 2), hashOf(u, seed, 3));
    const device = hashOf(u, seed, 4);
    const system = systemTable[device & 255];
    users.system[u] = system;
    users.otherSystem[u] = systemTable[(device >>> 8) & 255];
    users.browser[u] = browserTables[system][(device >>> 16) & 255];
    users.plan[u] = planTable[device >>> 24];
    const place = hashOf(u, seed, 5);
    users.country[u] = tables.country[place & 65_535];
    users.isBuyer[u] = (place >>> 16) % 100 < 22 ? 1 : 0;
  }
  return users;
}

/** 40 % sign up within the data, and many of those leave soon; of the others a quarter leaves. */
function setLife(users: Users, u: number, birth: number, end: number): void {
  const isBornInside = birth % 1000 < 400;
  const kind = end % 100;
  const when = (end >>> 8) / 16_777_216;
  if (!isBornInside) {
    users.born[u] = -1 - ((birth >>> 10) % 720);
    users.dies[u] = kind < 25 ? when * 90 : 1000;
    return;
  }
  const born = (birth >>> 10) % dayCount;
  users.born[u] = born;
  if (kind < 35) users.dies[u] = born + when * 3;
  else if (kind < 65) users.dies[u] = born + 3 + when * 40;
  else users.dies[u] = born + 1000;
}

/** The person property `ltv`, with two decimals: heavy tailed for buyers, mostly nothing for the others. */
export function lifetimeValue(users: Users, u: number, seed: number): number {
  const luck = share(hashOf(u, seed, 6));
  let value = 0;
  if (users.isBuyer[u] === 1) value = 20 * luck ** -0.8;
  else if (luck >= 0.5) value = 4 * (luck - 0.5) ** -0.35;
  return Math.round(value * (1 + users.plan[u]) * 100) / 100;
}

const hex8 = (value: number): string => value.toString(16).padStart(8, '0');

/** Half the ids look like UUIDs, half like numbers of a database; no two users share one. */
export function distinctIdOf(user: number, seed: number): string {
  // The modulus is prime, so the map is one to one.
  if ((user & 1) === 1) return `u-${1_000_000 + ((user * 7919 + 104_729) % 99_999_989)}`;
  const [a = '', b = '', c = '', d = ''] = [11, 12, 13, 14].map((salt) =>
    hex8(mix32(user ^ mix32(seed + salt))),
  );
  return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-a${c.slice(1, 4)}-${c.slice(4)}${d}`;
}
