import type { PropertyValue } from '@arbor/schema/property-value';
import { displayName, displayNameProperties } from '@arbor/schema/display-name';
import type { PropertyColumn } from '../exec/shard-view.ts';
import type { Texts } from './text-search.ts';
import type { UserTotals } from './user-totals.ts';

/** The users of one project in one shard, whom a list is made of, by ordinal. */
export interface UserRows {
  /** Canonical ids. */
  readonly ids: Texts;
  readonly totals: UserTotals;
  /** 1 = the user exists, and is one of those that the list is about; index 0 is 0. It is narrowed down. */
  readonly mask: Uint8Array;
  /** Undefined = no person has it. */
  column(name: string): PropertyColumn | undefined;
}

export function idOf({ ids: { bytes, ends } }: UserRows, user: number): string {
  const start = user === 0 ? 0 : ends[user - 1];
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, ends[user] - start).toString();
}

/** Null = has none. */
export function valueOf(column: PropertyColumn | undefined, user: number): PropertyValue {
  const code = column?.codes[user] ?? 0;
  return code === 0 || column === undefined ? null : column.values[code];
}

/** Texts compare as their bytes do. */
export function compareIdsOf(
  { ids: { bytes, ends } }: UserRows,
  user: number,
  other: number,
): number {
  let at = ends[user - 1];
  let otherAt = ends[other - 1];
  const length = Math.min(ends[user] - at, ends[other] - otherAt);
  for (const end = at + length; at < end; at++, otherAt++) {
    if (bytes[at] !== bytes[otherAt]) return bytes[at] - bytes[otherAt];
  }
  return ends[user] - ends[user - 1] - (ends[other] - ends[other - 1]);
}

/** A name needs nothing else to be looked at. */
export function nameOf(rows: UserRows, user: number): string {
  const own = valueOf(rows.column('$name'), user);
  if (typeof own === 'string' && own.trim() !== '') return own.trim();
  const properties = displayNameProperties.map(
    (name) => [name, valueOf(rows.column(name), user)] as const,
  );
  return displayName(idOf(rows, user), Object.fromEntries(properties));
}
