import { describe, expect, it } from 'vitest';
import type { OrdinalLink, UsersPiece } from '../../format/users-file.ts';
import { encodeUsersFile, UsersFile } from '../../format/users-file.ts';
import { planUsers, type UsersTask } from './plan-users.ts';
import { changeOf, forgetEvents, rewriteUsers } from './rewrite-users.ts';

/** Users 1 a, 2 b, 3 c, 4 d, 5 e: by default e is c, and c is b. */
const piece = (
  links: readonly (readonly [loser: number, winner: number])[] = [
    [5, 3],
    [3, 2],
  ],
): UsersPiece => ({
  project: 1,
  shard: 0,
  first: 1,
  ids: ['a', 'b', 'c', 'd', 'e'],
  links: links.map(([loser, winner]): OrdinalLink => ({ loser, winner })),
  withoutEvents: [4],
  withFirstEvents: [],
});
const fileOf = (one: UsersPiece): Uint8Array => encodeUsersFile(one);

const erase = (change: Partial<Extract<UsersTask, { type: 'erase' }>>): UsersTask => ({
  type: 'erase',
  users: ['b'],
  identifiers: ['b'],
  until: 9,
  ...change,
});

type Split = Extract<UsersTask, { type: 'split' }>;
const split = (change: Partial<Split>): UsersTask => {
  const user = change.user ?? 'b';
  const [to = 'c'] = change.identifiers ?? [];
  const task = { user, to, identifiers: [to], staying: [user], among: [] };
  return { type: 'split', ...task, ...change };
};

describe('who a task is about', () => {
  it('is nobody where no id of it is known', () => {
    expect(planUsers(piece(), erase({ users: ['x'], identifiers: ['y'] }))).toBeNull();
    expect(changeOf([], erase({}))).toBeNull();
    expect(planUsers(piece(), split({ user: 'x', identifiers: ['a'] }))).toBeNull();
  });

  it('of an erasure: everybody who counts as the user, and who was stored under an identifier', () => {
    const plan = planUsers(piece(), erase({ identifiers: ['b', 'c', 'e', 'd'] }));
    expect(plan?.change).toEqual({ type: 'drop', users: Uint32Array.of(2, 3, 4, 5), until: 9 });
    expect(plan?.links).toEqual([]);
  });

  it('of a move: who is named, unless somebody who is not counts as one of them', () => {
    const named = (users: string[]) => {
      const plan = planUsers(piece(), { type: 'take_out', users, until: 9 });
      return { leaving: [...(plan?.change.users ?? [])], staying: plan?.staying };
    };
    expect(named(['e', 'c', 'b', 'x'])).toEqual({ leaving: [2, 3, 5], staying: [] });
    expect(named(['a', 'b', 'c'])).toEqual({ leaving: [1], staying: ['b', 'c'] });
    expect(named(['b'])).toEqual({ leaving: [], staying: ['b'] });
    expect(planUsers(piece(), { type: 'take_out', users: ['x'], until: 9 })).toBeNull();
  });

  it('of a split: both parts, each with links of its own', () => {
    const plan = planUsers(piece(), split({ identifiers: ['c', 'e', 'sent'] }));
    expect(plan?.change).toEqual({
      type: 'move',
      users: Uint32Array.of(2, 3, 5),
      splitsOff: Uint8Array.of(0, 1, 1),
      identifiers: ['c', 'e', 'sent'],
      staying: ['b'],
      stays: 2,
      leaves: 3,
      leavesId: 'c',
      wasTogether: Uint8Array.of(1, 1, 1),
    });
    expect(plan?.links).toEqual([{ loser: 5, winner: 3 }]);
    expect(plan?.splits).toEqual([{ from: 2, stays: 2, parts: [{ to: 3, givenBack: [3] }] }]);
  });

  it('of a split in which two were merged one by one: what both had', () => {
    const two = piece([
      [5, 2],
      [3, 2],
    ]);
    const plan = planUsers(two, split({ identifiers: ['e', 'c'] }));
    expect(plan?.splits).toEqual([{ from: 2, stays: 2, parts: [{ to: 5, givenBack: [5, 3] }] }]);
  });

  it('of a split that is done again: who joined the part that left stays with it', () => {
    const again = piece([
      [5, 3],
      [4, 2],
    ]);
    const plan = planUsers(again, split({ identifiers: ['c', 'e'], staying: ['b', 'd'] }));
    expect(plan?.change).toMatchObject({
      users: Uint32Array.of(2, 3, 4, 5),
      wasTogether: Uint8Array.of(1, 0, 1, 0),
    });
    expect(plan?.splits).toEqual([{ from: 2, stays: 2, parts: [] }]);
    expect(plan?.links).toEqual([
      { loser: 5, winner: 3 },
      { loser: 4, winner: 2 },
    ]);
  });

  it('of a split of somebody who was merged on: who he counts as stands for those who stay', () => {
    const onward = piece([
      [3, 2],
      [2, 1],
    ]);
    const plan = planUsers(onward, split({ identifiers: ['c'] }));
    expect(plan?.change).toMatchObject({ stays: 1, leaves: 3, users: Uint32Array.of(1, 2, 3) });
    expect(plan?.links).toEqual([{ loser: 2, winner: 1 }]);
  });

  it('of a split of somebody who was never a user: a new one', () => {
    const plan = planUsers(piece(), split({ user: 'a', identifiers: ['new'] }));
    expect(plan?.ids).toEqual(['a', 'b', 'c', 'd', 'e', 'new']);
    expect(plan?.change).toMatchObject({
      users: Uint32Array.of(1, 6),
      leaves: 6,
      wasTogether: Uint8Array.of(1, 0),
    });
  });

  it('of a split whose words came late: identifiers leave whomever they are one with, and part those they joined', () => {
    const late = piece([
      [3, 1],
      [3, 2],
      [5, 4],
    ]);
    const plan = planUsers(late, split({ user: 'b', identifiers: ['c', 'e'] }));
    expect(plan?.links).toEqual([{ loser: 5, winner: 3 }]);
    expect(plan?.splits).toEqual([
      {
        from: 1,
        stays: 1,
        parts: [
          { to: 2, givenBack: [2] },
          { to: 3, givenBack: [3] },
        ],
      },
      { from: 4, stays: 4, parts: [{ to: 3, givenBack: [5] }] },
    ]);
  });

  it('of a split: also who stands alone, where rows of either part may lie', () => {
    const plan = planUsers(
      piece([]),
      split({ identifiers: ['c'], staying: ['b', 'a'], among: ['e'] }),
    );
    expect(plan?.change).toMatchObject({
      users: Uint32Array.of(1, 2, 3, 5),
      splitsOff: Uint8Array.of(0, 0, 1, 0),
    });
    expect(plan?.links).toEqual([]);
  });
});

describe('the dictionary after a task', () => {
  const after = (task: UsersTask, withRows: readonly number[] = []): UsersPiece =>
    UsersFile.open(rewriteUsers([fileOf(piece())], task, Uint32Array.from(withRows))).piece();

  it('has no id of the erased, whose ordinals stay', () => {
    expect(after(erase({}))).toEqual({
      ...piece([]),
      ids: ['a', '', '', 'd', ''],
      withoutEvents: [2, 3, 4, 5],
      edition: 1,
    });
  });

  it('has the ids of those with rows that came later', () => {
    expect(after(erase({}), [3])).toMatchObject({
      ids: ['a', '', 'c', 'd', ''],
      links: [],
      withoutEvents: [2, 4, 5],
    });
  });

  it('has the ids of those who moved, without events', () => {
    const task: UsersTask = { type: 'take_out', users: ['a'], until: 9 };
    expect(after(task)).toEqual({ ...piece(), withoutEvents: [1, 4], edition: 1 });
  });

  it('is of the next edition each time', () => {
    const once = forgetEvents([fileOf(piece())], Uint32Array.of(1, 2), Uint32Array.of(2, 5));
    expect(UsersFile.open(once).piece()).toEqual({ ...piece(), withoutEvents: [1, 4], edition: 1 });
    const twice = forgetEvents([once], Uint32Array.of(2), Uint32Array.of());
    expect(UsersFile.open(twice).piece()).toMatchObject({ withoutEvents: [1, 2, 4], edition: 2 });
  });
});
