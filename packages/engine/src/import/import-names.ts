import { cleanName } from './clean-value.ts';

/** What a member of `properties` is to an import. */
export const memberKinds = {
  /** A property that is stored. */
  value: 0,
  time: 1,
  distinctId: 2,
  insertId: 3,
  /** Belongs to the protocol, is not stored. */
  ignored: 4,
  /** Stored, and together with the next one says something of identity. */
  device: 5,
  user: 6,
  /** Means that ingestion must look at the record itself. */
  odd: 7,
} as const;

/** By name; all others are values. Address and agent would be looked up; `$import` is the server's to say. */
const protocolKinds: ReadonlyMap<string, number> = new Map([
  ['time', memberKinds.time],
  ['distinct_id', memberKinds.distinctId],
  ['$insert_id', memberKinds.insertId],
  ['token', memberKinds.ignored],
  ['$ignore', memberKinds.ignored],
  ['$import', memberKinds.ignored],
  ['__proto__', memberKinds.ignored],
  ['$device_id', memberKinds.device],
  ['$user_id', memberKinds.user],
  ['ip', memberKinds.odd],
  ['$user_agent', memberKinds.odd],
]);

/** Names of properties numbered from 0; two spellings of one name in JSON are one. */
export class PropertyNames {
  readonly list: string[] = [];
  /** By number, `memberKinds`. */
  readonly kinds: number[] = [];
  readonly #numbers = new Map<string, number>();

  number(name: string): number {
    // `cleanName` cuts, and two long names may become one; ingestion decides which of their values stays.
    const isAsSent = cleanName(name) === name;
    let number = this.#numbers.get(name);
    if (number === undefined) {
      number = this.list.push(name) - 1;
      this.kinds.push(isAsSent ? (protocolKinds.get(name) ?? memberKinds.value) : memberKinds.odd);
      this.#numbers.set(name, number);
    }
    return number;
  }
}

/** Commands, not events: they change who is who (ingestion-api.md 6). */
const identityEvents: ReadonlySet<string> = new Set(['$identify', '$create_alias', '$merge']);

/** Names of events numbered from 0. */
export class EventNames {
  readonly list: string[] = [];
  readonly #numbers = new Map<string, number>();

  /** −1 = ingestion must look at the record itself. */
  number(name: string): number {
    const clean = cleanName(name);
    if (clean === undefined || identityEvents.has(clean)) return -1;
    let number = this.#numbers.get(clean);
    if (number === undefined) {
      number = this.list.push(clean) - 1;
      this.#numbers.set(clean, number);
    }
    return number;
  }
}
