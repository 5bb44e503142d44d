import type { Channel } from './channels.ts';
import { acquisitionChannels } from './channels.ts';
import type { DeviceTraits } from './devices.ts';
import { drawDevice, drawSecondDevice } from './devices.ts';
import type { Place } from './places.ts';
import { firstNames, lastNames, places } from './places.ts';
import type { DemoValue } from './record.ts';
import { hash32, Random, uuidOf } from './random.ts';

/** What never changes about a person: a pure function of (seed, index). */
export interface Person {
  readonly index: number;
  /** Seed of everything this person does. */
  readonly seed: number;
  /** A bouncer comes once, a browser returns without an account, a customer signs up. */
  readonly kind: 'bouncer' | 'browser' | 'customer';
  /** Had an account before the history begins. */
  readonly existing: boolean;
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly place: Place;
  /** The second one, if any, is only ever used signed in, from `secondDeviceAge` days on. */
  readonly devices: readonly Device[];
  readonly secondDeviceAge: number;
  readonly channel: Channel;
  /** Probability of a visit on an ordinary day, when fresh. */
  readonly visitRate: number;
  /** Days after the arrival during which the person still comes. */
  readonly lifetimeDays: number;
  /** A customer opens the account in this visit (0 = the first). */
  readonly signUpVisit: number;
  /** Readiness to buy, around 1. */
  readonly appetite: number;
  readonly plan: 'Free' | 'Plus';
  readonly newsletter: boolean;
  /** Days after a release until this person's app is updated. */
  readonly updateDelay: number;
}

export interface Device {
  readonly id: string;
  readonly traits: DeviceTraits;
  /** Traits and place in one: what each event of the device begins with. */
  readonly properties: Readonly<Record<string, DemoValue>>;
}

/** Makes person `index` of the world with this seed. */
export function createPerson(worldSeed: number, index: number, existing: boolean): Person {
  const seed = hash32(worldSeed, index, 1);
  const random = new Random(seed);
  const kind = existing ? 'customer' : drawKind(random);
  const place = random.weighted(places);
  const first = drawDevice(random);
  const traits =
    kind === 'customer' && random.chance(0.36) ? [first, drawSecondDevice(first, random)] : [first];
  const firstName = random.pick(firstNames[place.names]);
  const lastName = random.pick(lastNames[place.names]);
  const userId = `user-${hash32(seed, 2).toString(36).padStart(7, '0')}${(hash32(seed, 3) % 1296).toString(36).padStart(2, '0')}`;
  return {
    index,
    seed,
    kind,
    existing,
    userId,
    name: `${firstName} ${lastName}`,
    email: emailOf(firstName, lastName, userId, random),
    place,
    devices: traits.map((one, position) => createDevice(seed, position, one, place)),
    secondDeviceAge: random.between(6, 25),
    channel: random.weighted(acquisitionChannels),
    ...drawHabits(kind, existing, random),
    appetite: 0.6 + random.next() * 0.8,
    plan: random.chance(0.14) ? 'Plus' : 'Free',
    newsletter: random.chance(0.3),
    updateDelay: random.between(0, 9),
  };
}

/** The id this person's own events carry before and after signing up. */
export function distinctIdOf(person: Person, device: Device, signedUp: boolean): string {
  return signedUp ? person.userId : `$device:${device.id}`;
}

function drawKind(random: Random): Person['kind'] {
  const draw = random.next();
  if (draw < 0.36) return 'bouncer';
  return draw < 0.67 ? 'browser' : 'customer';
}

function drawHabits(
  kind: Person['kind'],
  existing: boolean,
  random: Random,
): Pick<Person, 'visitRate' | 'lifetimeDays' | 'signUpVisit'> {
  if (kind === 'bouncer') return { visitRate: 0, lifetimeDays: 0, signUpVisit: Infinity };
  if (kind === 'browser') {
    const lifetimeDays = random.between(2, 30);
    return { visitRate: 0.05 + random.next() * 0.15, lifetimeDays, signUpVisit: Infinity };
  }
  // Most customers come now and then, some nearly every day; about a third leaves within weeks.
  const visitRate = 0.05 + 0.5 * random.next() ** 3;
  const leaves = random.chance(existing ? 0.2 : 0.35);
  const lifetimeDays = leaves ? random.between(5, 45) : Infinity;
  const signUpVisit = existing ? 0 : Math.min(3, Math.floor(random.exponential(0.8)));
  return { visitRate, lifetimeDays, signUpVisit };
}

function createDevice(seed: number, position: number, traits: DeviceTraits, place: Place): Device {
  return {
    id: uuidOf(seed, 10 + position),
    traits,
    properties: {
      ...traits.properties,
      mp_country_code: place.country,
      $city: place.city,
      $region: place.region,
      language: place.language,
    },
  };
}

/** Addresses in domains that are reserved for examples: nobody can ever receive a mail. */
function emailOf(first: string, last: string, userId: string, random: Random): string {
  const ascii = (name: string): string =>
    name
      .replaceAll('ß', 'ss')
      .normalize('NFD')
      .replace(/[^a-z]/gi, '')
      .toLowerCase();
  const domain = random.pick(['example.com', 'example.org', 'example.net']);
  return `${ascii(first)}.${ascii(last)}.${userId.slice(-4)}@${domain}`;
}
