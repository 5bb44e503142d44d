import type { PropertyValue } from '@arbor/schema/property-value';
import { displayNameProperties } from '@arbor/schema/display-name';
import type { UserColumn } from '@arbor/schema/query';
import type { Steps } from '../../base/slices.ts';
import { compareIds } from '../merge/list-order.ts';
import { compareValues, textRank } from '../merge/value-order.ts';
import type { UsersPlan } from '../plan/plan-types.ts';
import type { PropertyColumn } from '../exec/shard-view.ts';
import type { UserOrder } from './first-users.ts';
import { columnValue } from './column-value.ts';
import { idOf, nameOf, type UserRows, valueOf } from './user-rows.ts';
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
  const value = (user: number): PropertyValue => columnValue(by, rows, user);
  const compare = (left: PropertyValue, right: PropertyValue): number =>
    left === null || right === null ? 0 : compareValues(left, right) * sign;
  const { after } = plan;
  return {
    ranks: byUser,
    compare: (user, other) =>
      compare(value(user), value(other)) || compareIds(idOf(rows, user), idOf(rows, other)),
    after: after && {
      rank: after.value === null ? Infinity : of(after.value) * sign,
      compare: (user) =>
        compare(value(user), after.value) || compareIds(idOf(rows, user), after.user),
    },
  };
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
  const byUser = Float64Array.from(source.subarray(0, mask.length));
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

function* ranksOfIds(rows: UserRows): Steps<Ranks> {
  const byUser = new Float64Array(rows.mask.length).fill(NaN);
  for (let user = 1; user < byUser.length; user++) {
    if (rows.mask[user] === 1) byUser[user] = textRank(idOf(rows, user));
    if (user % usersAStep === 0) yield;
  }
  return { byUser, of: textOf };
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

/** Ranks of `$name` by code; NaN = it is no name. */
function* rankedNames({ values }: PropertyColumn): Steps<Float64Array> {
  const ranks = new Float64Array(values.length).fill(NaN);
  for (let code = 1; code < values.length; code++) {
    const value = values[code];
    const name = typeof value === 'string' ? value.trim() : '';
    if (name !== '') ranks[code] = textRank(name);
    if (code % usersAStep === 0) yield;
  }
  return ranks;
}

function textOf(value: PropertyValue): number {
  return typeof value === 'string' ? textRank(value) : Number.MAX_VALUE;
}
