import { describe, expect, it } from 'vitest';
import { usersRequestSchema, type UserColumn } from '@arbor/schema/query';
import {
  cellText,
  columnKey,
  columnLabel,
  columnOf,
  initialUsers,
  ownColumns,
  sortAfter,
  usersRequest,
  usersStateSchema,
  withColumn,
} from './list.ts';

const plan: UserColumn = { type: 'property', name: 'plan of 2026' };

describe('the list of users', () => {
  it('is asked as the schema of queries wants it', () => {
    const query = usersRequest({ ...initialUsers, who: 'profiles', columns: [plan] }, 'ada');
    expect(usersRequestSchema.parse(query)).toMatchObject({
      who: 'profiles',
      search: 'ada',
      columns: [plan],
      sort: { by: { type: 'last_seen' }, order: 'descending' },
    });
  });

  it('is kept in the URL as it is', () => {
    const text = JSON.stringify({ ...initialUsers, columns: [plan] });
    expect(usersStateSchema.parse(JSON.parse(text)).columns).toEqual([plan]);
  });
});

describe('columns', () => {
  it('have keys that lead back to them', () => {
    for (const column of [plan, ...ownColumns]) expect(columnOf(columnKey(column))).toEqual(column);
    expect([plan, ...ownColumns].map(columnLabel)).toEqual([
      'plan of 2026',
      'Last seen',
      'First seen',
      'Events',
      'Identifier',
    ]);
  });

  it('come and go', () => {
    const more = withColumn([{ type: 'user' }], plan);
    expect(more).toEqual([{ type: 'user' }, plan]);
    expect(withColumn(more, { type: 'user' })).toEqual([plan]);
  });

  it('sort by a click, and as at first by the third', () => {
    expect(sortAfter({ column: columnKey(plan), descending: false })).toEqual({
      column: plan,
      descending: false,
    });
    expect(sortAfter(null)).toEqual(initialUsers.sort);
  });
});

describe('cells', () => {
  it("tell times in the project's zone, numbers with groups, nothing as nothing", () => {
    const instant = Date.UTC(2026, 2, 14, 23, 3);
    expect(cellText({ type: 'last_seen' }, instant, 'Europe/Berlin')).toBe('15 Mar 2026, 00:03');
    expect(cellText({ type: 'event_count' }, 12345, 'UTC')).toBe('12,345');
    expect(cellText(plan, null, 'UTC')).toBe('–');
    expect(cellText(plan, ['a'], 'UTC')).toBe('["a"]');
    expect(cellText(plan, 0, 'UTC')).toBe('0');
  });
});
