import { describe, expect, it } from 'vitest';
import { shardOfUser, shardsOfProject } from './placement.ts';

const users = Array.from({ length: 2000 }, (_, i) => `user-${i}`);

describe('placement', () => {
  // Stored data lies by these: a change of any number loses data. Never edit, only add.
  it('is what it always was', () => {
    const shards = (project: number, spread: number, shardCount: number) =>
      shardsOfProject({ project, spread, shardCount });
    expect([1, 2, 3, 4, 1000].map((project) => shards(project, 1, 16))).toStrictEqual([
      [7],
      [6],
      [7],
      [5],
      [8],
    ]);
    const place = (user: string) => shardOfUser(user, { project: 1, spread: 16, shardCount: 16 });
    expect(
      [
        '',
        'u1',
        'u2',
        'anna@example.com',
        'Zoë',
        '日本',
        '0190abcd-1234-4678-9abc-def012345678',
      ].map(place),
    ).toStrictEqual([7, 14, 7, 5, 2, 6, 5]);
  });

  it('puts users without an id on the first shard of the project', () => {
    for (const project of [1, 2, 3]) {
      const options = { project, spread: 8, shardCount: 16 };
      expect(shardOfUser('', options)).toBe(shardsOfProject(options)[0]);
    }
  });

  it('uses every shard of the project evenly, and no other', () => {
    const options = { project: 5, spread: 8, shardCount: 12 };
    const shards = shardsOfProject(options);
    expect(new Set(shards).size).toBe(8);
    const counts = new Map<number, number>();
    for (const user of users) {
      const shard = shardOfUser(user, options);
      counts.set(shard, (counts.get(shard) ?? 0) + 1);
    }
    expect([...counts.keys()].sort((a, b) => a - b)).toStrictEqual(
      [...shards].sort((a, b) => a - b),
    );
    for (const count of counts.values()) expect(Math.abs(count - 250)).toBeLessThan(75);
  });

  it('moves users only onto the added shards when the spread doubles', () => {
    const before = { project: 9, spread: 4, shardCount: 16 };
    const after = { ...before, spread: 8 };
    const added = shardsOfProject(after).slice(4);
    expect(shardsOfProject(after).slice(0, 4)).toStrictEqual(shardsOfProject(before));
    for (const user of users) {
      const shard = shardOfUser(user, after);
      expect([shardOfUser(user, before), ...added]).toContain(shard);
    }
  });

  it('refuses a spread that it cannot use', () => {
    const message = 'is not a power of two from 1 to the 16 shards';
    for (const spread of [0, 3, 32, 1.5]) {
      expect(() => shardsOfProject({ project: 1, spread, shardCount: 16 })).toThrow(
        `spread ${spread} ${message}`,
      );
    }
  });
});
