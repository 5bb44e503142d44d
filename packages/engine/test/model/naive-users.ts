import type { PropertyValue } from '@arbor/schema/property-value';
import type { UserColumn, UsersQuery } from '@arbor/schema/query';
import type { UsersResult } from '@arbor/schema/users-result';
import type { PlanContext } from '../../src/query/plan/plan.ts';
import { membersOf } from './naive-cohort.ts';
import type { World } from './world.ts';

const protocolEvents = ['$identify', '$create_alias', '$merge'];

/** 10: the users, in order. `next` is whatever the engine makes of it: not null = there are more. */
export function naiveUsersList(
  world: World,
  query: UsersQuery,
  context: PlanContext,
): Omit<UsersResult, 'next'> & { next: null } {
  const { who, search, found, filters, cohort, columns, sort, limit } = query;
  let users = [...new Set([...world.events.map(({ user }) => user), ...Object.keys(world.people)])];
  users = users.filter((user) => user !== '');
  if (who === 'profiles') users = users.filter((user) => Object.hasOwn(world.people, user));
  if (filters.length > 0) {
    const members = membersOf(world, { type: 'conditions', filters }, context);
    users = users.filter((user) => members.has(user));
  }
  if (cohort !== undefined) {
    const members = membersOf(world, cohort, context);
    users = users.filter((user) => members.has(user));
  }
  if (search !== '') {
    users = users.filter((user) => isFound(world, user, search) || found.includes(user));
  }
  const sorted = users.sort((user, other) => {
    const value = valueOf(world, user, sort.by);
    const otherValue = valueOf(world, other, sort.by);
    if (value === null || otherValue === null) {
      return Number(value === null) - Number(otherValue === null) || byBytes(user, other);
    }
    const order = compare(value, otherValue);
    return (sort.order === 'ascending' ? order : -order) || byBytes(user, other);
  });
  return {
    type: 'users',
    total: sorted.length,
    users: sorted.slice(0, limit).map((user) => ({
      user,
      displayName: valueOf(world, user, { type: 'display_name' }) as string,
      values: columns.map((column) => valueOf(world, user, column)),
    })),
    next: null,
  };
}

function isFound({ people }: World, user: string, search: string): boolean {
  const text = (name: string): string => {
    const value = people[user]?.[name];
    return typeof value === 'string' ? value : '';
  };
  const whole = `${text('$first_name')} ${text('$last_name')}`;
  const texts = [user, text('$name'), text('$email'), whole === ' ' ? '' : whole];
  return texts.some((one) => one.toLowerCase().includes(search.toLowerCase()));
}

function valueOf(world: World, user: string, column: UserColumn): PropertyValue {
  const profile = world.people[user] ?? {};
  const hidden = [...protocolEvents, ...(world.hiddenEvents ?? [])];
  const times = world.events
    .filter((event) => event.user === user && !hidden.includes(event.event))
    .map(({ time }) => time);
  switch (column.type) {
    case 'property':
      return Object.hasOwn(profile, column.name) ? profile[column.name] : null;
    case 'user':
      return user;
    case 'first_seen':
      return times.length === 0 ? null : Math.min(...times);
    case 'last_seen':
      return times.length === 0 ? null : Math.max(...times);
    case 'event_count':
      return times.length;
    case 'display_name': {
      const text = (name: string): string => {
        const value = profile[name];
        return typeof value === 'string' ? value.trim() : '';
      };
      const whole = `${text('$first_name')} ${text('$last_name')}`.trim();
      return [text('$name'), whole, text('$email'), user].find((name) => name !== '') ?? user;
    }
  }
}

function compare(value: PropertyValue, other: PropertyValue): number {
  const kind = (of: PropertyValue): number => {
    const place = ['number', 'string', 'boolean'].indexOf(typeof of);
    return place < 0 ? 3 : place;
  };
  if (kind(value) !== kind(other)) return kind(value) - kind(other);
  if (typeof value === 'number') return value - (other as number);
  if (typeof value === 'string') return byBytes(value, other as string);
  return byBytes(JSON.stringify(value), JSON.stringify(other));
}

function byBytes(text: string, other: string): number {
  return Buffer.compare(Buffer.from(text), Buffer.from(other));
}
