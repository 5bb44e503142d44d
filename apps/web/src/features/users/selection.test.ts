import { usersRequestSchema } from '@arbor/schema/query';
import { describe, expect, it } from 'vitest';
import { initialUsers, usersRequest } from './list.ts';
import { chosenMax, membersFile, nobody, onlyUsers, withUsers } from './selection.ts';

describe('users who were chosen', () => {
  it('come and go, and are no more than one request may name', () => {
    const two = withUsers(nobody, ['ann', 'bob'], true);
    expect([...withUsers(two, ['bob', 'cid'], true)]).toEqual(['ann', 'bob', 'cid']);
    expect([...withUsers(two, ['ann'], false)]).toEqual(['bob']);
    const many = Array.from({ length: chosenMax + 5 }, (_, i) => `user-${i}`);
    expect(withUsers(nobody, many, true).size).toBe(chosenMax);
  });

  it('are asked for alone, with the columns that are shown', () => {
    const request = usersRequest({ ...initialUsers, who: 'profiles' }, 'text');
    const asked = usersRequestSchema.parse(onlyUsers(request, new Set(['ann'])));
    expect(asked).toMatchObject({
      who: 'all',
      search: '',
      columns: initialUsers.columns,
      filters: [{ property: { name: '$distinct_id' }, values: ['ann'] }],
    });
  });

  it('are uploaded as a file of one column', () => {
    expect(membersFile(new Set(['ann', 'b,"c']))).toBe('distinct_id\nann\n"b,""c"\n');
  });
});
