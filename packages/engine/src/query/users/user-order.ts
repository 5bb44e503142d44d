import type { PropertyValue } from '@arbor/schema/property-value';
import { displayNameProperties } from '@arbor/schema/display-name';
import type { UserColumn } from '@arbor/schema/query';
import { must } from '../../base/assert.ts';
import type { Steps } from '../../base/slices.ts';
import { compareIds } from '../merge/list-order.ts';
import { bytesRank, compareValues, textRank } from '../merge/value-order.ts';
import type { UsersPlan } from '../plan/plan-types.ts';
import type { PropertyColumn } from '../exec/shard-view.ts';
import type { UserOrder } from './first-users.ts';
import { columnValue } from './column-value.ts';
import { compareIdsOf, idOf, nameOf, type UserRows, valueOf } from './user-rows.ts';
import { valueRanks } from './value-ranks.ts';

/** What users are sorted by, as numbers. */
interface Ranks {
  /** By ordinal, of the users of the mask; NaN = has none. */
  readonly byUser: Float64Array;
  readonly of: (value: PropertyValue) => number;
}

const usersAStep = 16_384;

/** The order that the plan asks for, of the users of the mask. */
export function* orderUsers(plan: UsersPlan, rows: UserRows): Steps<UserOrder> {
  const { by, order } = plan.sort;
  const sign = order === 'ascending' ? 1 : -1;
  const { byUser, of } = yield* ranksBy(by, rows);
  for (let user = 0; user < byUser.length; user++) {
    // Whoever has no value comes last, in either order.
    byUser[user] = Number.isNaN(byUser[user]) ? Infinity : byUser[user] * sign;
  }
  yield;
  const compareBy = valueComparer(by, rows);
  const { after } = plan;
  return {
    ranks: byUser,
    compare: (user, other) => compareBy(user, other) * sign || compareIdsOf(rows, user, other),
    after: after && {
      rank: after.value === null ? Infinity : of(after.value) * sign,
      compare: (user) => compareToPosition(plan, rows, user),
    },
  };
}

function compareToPosition({ sort, after }: UsersPlan, rows: UserRows, user: number): number {
  const position = must(after, 'the end of the page before');
  const value = columnValue(sort.by, rows, user);
  const sign = sort.order === 'ascending' ? 1 : -1;
  const isLike = value === null || position.value === null;
  const order = isLike ? 0 : compareValues(value, position.value) * sign;
  return order || compareIds(idOf(rows, user), position.user);
}

/** Compares the values of two users with one rank; 0 where these decide nothing. */
function valueComparer(by: UserColumn, rows: UserRows): (user: number, other: number) => number {
  switch (by.type) {
    case 'property': {
      const column = rows.column(by.name);
      if (column === undefined) return () => 0;
      const { codes, values } = column;
      return (user, other) =>
        codes[user] === codes[other] ||
        values[codes[user]] === null ||
        values[codes[other]] === null
          ? 0
          : compareValues(values[codes[user]], values[codes[other]]);
    }
    case 'display_name':
      return (user, other) => compareIds(nameOf(rows, user), nameOf(rows, other));
    case 'user':
      return (user, other) => compareIdsOf(rows, user, other);
    case 'first_seen':
    case 'last_seen':
    case 'event_count':
      return () => 0;
  }
}

function ranksBy(by: UserColumn, rows: UserRows): Steps<Ranks> {
  switch (by.type) {
    case 'property':
      return ranksOfProperty(rows.column(by.name), rows);
    case 'display_name':
      return ranksOfNames(rows);
    case 'user':
      return ranksOfIds(rows);
    case 'first_seen':
    case 'last_seen':
    case 'event_count':
      return ranksOfTotals(by.type, rows);
  }
}

// eslint-disable-next-line require-yield -- it is as quick as a step of the others
function* ranksOfTotals(
  type: 'first_seen' | 'last_seen' | 'event_count',
  { totals: { counts, firsts, lasts }, mask }: UserRows,
): Steps<Ranks> {
  const source = { first_seen: firsts, last_seen: lasts, event_count: counts }[type];
  const byUser = new Float64Array(mask.length);
  byUser.set(source.subarray(0, mask.length));
  for (let user = 0; user < byUser.length; user++) {
    if (!Number.isFinite(byUser[user])) byUser[user] = NaN;
  }
  return { byUser, of: numberOf };
}

/** Cursors may be written by anybody: what is no number lies behind all numbers. */
function numberOf(value: PropertyValue): number {
  return typeof value === 'number' ? value : Number.MAX_VALUE;
}

function* ranksOfProperty(column: PropertyColumn | undefined, { mask }: UserRows): Steps<Ranks> {
  const byUser = new Float64Array(mask.length).fill(NaN);
  if (column === undefined) return { byUser, of: () => 0 };
  const ranks = yield* valueRanks(column.values);
  const { codes } = column;
  for (let user = 0; user < byUser.length; user++) byUser[user] = ranks.byCode[codes[user]];
  yield;
  return { byUser, of: ranks.of };
}

function* ranksOfIds({ ids: { bytes, ends }, mask }: UserRows): Steps<Ranks> {
  const byUser = new Float64Array(mask.length).fill(NaN);
  for (let user = 1; user < byUser.length; user++) {
    byUser[user] = bytesRank(bytes, ends[user - 1], ends[user]);
    if (user % usersAStep === 0) yield;
  }
  const of = (value: PropertyValue): number => {
    const own = Buffer.from(typeof value === 'string' ? value : '');
    return bytesRank(own, 0, own.length);
  };
  return { byUser, of };
}

function* ranksOfNames(rows: UserRows): Steps<Ranks> {
  const byUser = new Float64Array(rows.mask.length).fill(NaN);
  const [whole, ...parts] = displayNameProperties.map((name) => rows.column(name));
  const ranks = whole && (yield* rankedNames(whole));
  for (let user = 1; user < byUser.length; user++) {
    if (user % usersAStep === 0) yield;
    if (rows.mask[user] === 0) continue;
    const known = ranks === undefined || whole === undefined ? NaN : ranks[whole.codes[user]];
    if (!Number.isNaN(known)) byUser[user] = known;
    else if (parts.every((column) => valueOf(column, user) === null))
      byUser[user] = textRank(idOf(rows, user));
    else byUser[user] = textRank(nameOf(rows, user));
  }
  return { byUser, of: textOf };
}

const nameRanks = new WeakMap<readonly PropertyValue[], Float64Array>();

/** Ranks of `$name` by code; NaN = it is no name. Values never change: they are made once. */
function* rankedNames({ values }: PropertyColumn): Steps<Float64Array> {
  const known = nameRanks.get(values);
  if (known !== undefined) return known;
  const ranks = new Float64Array(values.length).fill(NaN);
  for (let code = 1; code < values.length; code++) {
    const value = values[code];
    const name = typeof value === 'string' ? value.trim() : '';
    if (name !== '') ranks[code] = textRank(name);
    if (code % usersAStep === 0) yield;
  }
  nameRanks.set(values, ranks);
  return ranks;
}

function textOf(value: PropertyValue): number {
  return typeof value === 'string' ? textRank(value) : Number.MAX_VALUE;
}
