import { identityModesContract } from '@arbor/engine/identity/identity-modes.contract';
import type { IdentityStore } from '@arbor/engine/identity/identity-store';
import { identityStoreContract } from '@arbor/engine/identity/identity-store.contract';
import { MemoryIdentityStore } from '@arbor/engine/identity/memory-identity-store';
import type { LinkRequest } from '@arbor/engine/identity/links';
import type { HeldLink } from '@arbor/engine/identity/undo';
import { shardOfUser } from '@arbor/engine/placement';
import { shardTaskSchema } from '@arbor/schema/shard-task';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createDatabase } from './database.ts';
import { createPgIdentityStore } from './pg-identity-store.ts';

let pool: pg.Pool;
beforeAll(() => {
  pool = createDatabase(inject('databaseUrl'), () => undefined);
});
afterAll(() => pool.end());

// Far from the ids of other tests: the run shares one database.
let project = 700_000;
const nextProject = (): number => ++project;
identityStoreContract(
  'the PostgreSQL store',
  () => Promise.resolve(createPgIdentityStore(pool)),
  nextProject,
);
identityModesContract(
  'the PostgreSQL store',
  () => {
    const store = createPgIdentityStore(pool);
    // Nobody rewrites shards here: what an undo asks of them is done at once, so that no link waits for it.
    const undo: IdentityStore['undo'] = async (request) => {
      const answer = await store.undo(request);
      await endTasks(request.project);
      return answer;
    };
    return Promise.resolve({ store: { ...store, undo }, links: heldLinks });
  },
  nextProject,
);

async function endTasks(of: number): Promise<void> {
  await pool.query("UPDATE shard_tasks SET state = 'done', task = NULL WHERE project = $1", [of]);
}

async function heldLinks(of: number): Promise<HeldLink[]> {
  const { rows } = await pool.query<HeldLink>(
    `SELECT id::float8 AS id, alias, joined FROM identity_links
     WHERE project = $1 AND refused IS NULL AND undone_at IS NULL ORDER BY id`,
    [of],
  );
  return rows;
}

const device = (n: number): string => `$device:d${n}`;
const link = (alias: string, user: string, position = 0): LinkRequest => ({
  form: 'identify',
  position,
  alias,
  user,
});

describe('the PostgreSQL store under concurrency', () => {
  it('gives two processes the same users for the same new identifiers', async () => {
    const [one, other] = [createPgIdentityStore(pool), createPgIdentityStore(pool)];
    const own = ++project;
    const identifiers = Array.from({ length: 300 }, (_, n) => device(n));
    const users = Array.from({ length: 300 }, (_, n) => `user-${n % 30}`);
    const links = identifiers.map((identifier, n) => link(identifier, users[n] ?? '', n));
    const request = { project: own, redelivered: false };
    const answers = await Promise.all([
      one.resolve({ ...request, batchId: 'c1', identifiers, links: [] }),
      other.resolve({
        ...request,
        batchId: 'c2',
        identifiers: [...identifiers, ...new Set(users)].toReversed(),
        links,
      }),
      one.resolve({ ...request, batchId: 'c3', identifiers: [...new Set(users)], links: [] }),
      other.resolve({
        ...request,
        batchId: 'c4',
        identifiers: [...identifiers, ...new Set(users)],
        links: links.toReversed(),
      }),
    ]);
    const refused = answers.flatMap(({ outcomes }) =>
      outcomes.filter(({ type }) => type === 'refused'),
    );
    expect(refused).toEqual([]);
    const after = await one.resolve({
      ...request,
      batchId: 'c5',
      identifiers: [...identifiers, ...new Set(users)],
      links: [],
    });
    expect(new Set(after.canonical.values()).size).toBe(30);
    for (const [n, identifier] of identifiers.entries()) {
      expect(after.canonical.get(identifier)).toBe(after.canonical.get(users[n] ?? ''));
    }
    for (const user of after.canonical.values()) expect(after.canonical.get(user)).toBe(user);
  });

  it('decides like the model over a long random history', async () => {
    const store = createPgIdentityStore(pool);
    const model = new MemoryIdentityStore();
    const own = ++project;
    const names = [...Array.from({ length: 8 }, (_, n) => device(n)), 'ann', 'bob', 'cat', 'dan'];
    let seed = 42;
    const next = (max: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return (seed >>> 8) % max;
    };
    for (let batch = 0; batch < 60; batch++) {
      const links = Array.from({ length: next(3) }, (_, position) => ({
        form: (['identify', 'alias', 'device', 'merge', 'explicit'] as const)[next(5)],
        position,
        imported: true,
        alias: names[next(names.length)],
        user: names[next(names.length)],
      })).filter(({ alias, user }) => alias !== user);
      const named = [
        names[next(names.length)],
        ...links.flatMap(({ alias, user }) => [user, alias]),
      ];
      const request = {
        project: own,
        batchId: `model-${batch}`,
        identifiers: [...new Set(named)],
        links,
        redelivered: false,
        mode: (['simplified', 'original', 'original', 'legacy'] as const)[next(4)],
      };
      const [expected, actual] = [await model.resolve(request), await store.resolve(request)];
      expect(actual.canonical).toEqual(expected.canonical);
      expect(actual.outcomes).toEqual(expected.outcomes);
      const [held, stored] = [model.links(own), await heldLinks(own)];
      expect(stored.length).toBe(held.length);
      // Every fourth time a link is taken back, else one that is not there.
      const n = next(4) === 0 ? next(Math.max(1, held.length)) : held.length;
      const undone = { project: own, by: 'ann' };
      const divided = await model.undo({ ...undone, link: held[n]?.id ?? 0 });
      const answer = await store.undo({ ...undone, link: stored[n]?.id ?? 0 });
      expect(answer).toMatchObject(divided);
      await endTasks(own);
      // So that no two identifiers share a millisecond: then, and only then, text would break the tie.
      await pool.query('SELECT pg_sleep(0.002)');
    }
  });

  it('writes what changed and what was refused to the log', async () => {
    const store = createPgIdentityStore(pool);
    const own = ++project;
    await store.resolve({
      project: own,
      batchId: 'log-0',
      identifiers: [device(1)],
      links: [],
      redelivered: false,
    });
    await store.resolve({
      project: own,
      batchId: 'log-1',
      identifiers: ['ann', device(1), 'bob'],
      links: [
        link(device(1), 'ann'),
        link(device(1), 'bob', 1),
        { ...link(device(1), 'bob', 2), form: 'device' },
      ],
      redelivered: false,
    });
    const again = { project: own, identifiers: ['bob', device(1)], redelivered: false };
    const said = { ...link(device(1), 'bob'), form: 'device' as const };
    await store.resolve({ ...again, batchId: 'log-2', links: [said] });
    const { rows } = await pool.query(
      `SELECT form, alias, joined, winner, loser, refused, outcome, batch_id FROM identity_links
       WHERE project = $1 ORDER BY id`,
      [own],
    );
    const refused = {
      alias: device(1),
      joined: 'bob',
      winner: 'bob',
      loser: device(1),
      refused: `"${device(1)}" already belongs to another known user`,
      outcome: 'already_identified',
      batch_id: 'log-1',
    };
    expect(rows).toEqual([
      {
        form: 'identify',
        alias: device(1),
        joined: 'ann',
        winner: device(1),
        loser: 'ann',
        refused: null,
        outcome: 'joined',
        batch_id: 'log-1',
      },
      { form: 'identify', ...refused },
      { form: 'device', ...refused },
    ]);
  });
});

describe('the PostgreSQL store and the shards', () => {
  /** A project over four shards, and users of it that lie on different ones. */
  const placement = { spread: 4, shardCount: 8 };
  const setUp = async () => {
    const store = createPgIdentityStore(pool);
    const own = ++project;
    const shardOf = (user: string): number => shardOfUser(user, { project: own, ...placement });
    const other = [...Array(50).keys()]
      .map((n) => `bob-${n}`)
      .find((user) => shardOf(user) !== shardOf('ann'));
    if (other === undefined) throw new Error('all users lie on one shard');
    const bob = other;
    const resolve = async (batchId: string, ids: string[], links: LinkRequest[] = []) => {
      await pool.query('SELECT pg_sleep(0.002)');
      const request = { project: own, batchId, identifiers: ids, links, redelivered: false };
      return store.resolve({ ...request, placement });
    };
    await resolve('ann', ['ann']);
    await resolve('bob', [bob]);
    const merge = { form: 'explicit' as const, position: 0, alias: bob, user: 'ann' };
    const unite = (batchId: string) => resolve(batchId, ['ann', bob], [merge]);
    const undo = async () => {
      const [made] = await heldLinks(own);
      return store.undo({ project: own, link: made?.id ?? 0, by: 'cat', placement });
    };
    const moves = async () => {
      const { rows } = await pool.query<{ loser: string }>(
        'SELECT loser, winner, from_shard, to_shard, state FROM user_moves WHERE project = $1 ORDER BY id',
        [own],
      );
      return rows;
    };
    return { own, bob, shardOf, resolve, unite, undo, moves, merge };
  };

  it('asks for a move where users of different shards are united, once', async () => {
    const { own, bob, shardOf, unite, moves, undo } = await setUp();
    await unite('united');
    await unite('united');
    const [from, to] = [shardOf(bob), shardOf('ann')];
    const move = { loser: bob, winner: 'ann', from_shard: from, to_shard: to, state: 'pending' };
    expect(await moves()).toEqual([move]);
    await expect(undo()).rejects.toThrow(
      'a link can be taken back when its user is whole on one shard',
    );
    await pool.query("UPDATE user_moves SET state = 'done' WHERE project = $1", [own]);
    expect(await undo()).toMatchObject({ type: 'split', epoch: 0 });
    const back = { loser: bob, winner: bob, from_shard: to, to_shard: from, state: 'pending' };
    expect(await moves()).toEqual([{ ...move, state: 'done' }, back]);
  });

  it('asks the shard of a user to divide it, and lets no link join the two until it has', async () => {
    const { own, bob, shardOf, unite, undo, moves } = await setUp();
    await unite('united');
    await pool.query("UPDATE user_moves SET state = 'done' WHERE project = $1", [own]);
    await undo();
    const { rows } = await pool.query(
      'SELECT shard, task, state FROM shard_tasks WHERE project = $1',
      [own],
    );
    const parts = { identifiers: [bob], staying: ['ann'], among: [] };
    const task = { type: 'split', user: 'ann', to: bob, ...parts };
    expect(rows).toEqual([{ shard: shardOf('ann'), task, state: 'waiting' }]);
    expect(shardTaskSchema.parse(task)).toEqual(task);
    await expect(unite('again')).rejects.toThrow(
      'a link has to wait until one of its users is divided',
    );
    await endTasks(own);
    await pool.query("UPDATE user_moves SET state = 'done' WHERE project = $1", [own]);
    expect((await unite('again')).outcomes).toMatchObject([{ type: 'united', winner: 'ann' }]);
    expect(await moves()).toHaveLength(3);
  });

  /** Three users, each seen before the next: the first and the last on one shard, the second on another. */
  const thereAndBack = async () => {
    const { own, shardOf, resolve, moves, merge } = await setUp();
    const named = (name: string, isThere: boolean): string => {
      const user = [...Array(50).keys()]
        .map((n) => `${name}-${n}`)
        .find((one) => (shardOf(one) === shardOf('ann')) === isThere);
      if (user === undefined) throw new Error('all users lie on one shard');
      return user;
    };
    const [first, second, third] = [
      named('first', true),
      named('second', false),
      named('third', true),
    ];
    for (const user of [first, second, third]) await resolve(`seen ${user}`, [user]);
    const link = (alias: string, user: string): LinkRequest => ({ ...merge, alias, user });
    return { own, shardOf, resolve, moves, users: [first, second, third] as const, link };
  };

  it('moves whoever a batch links in a row straight to where he ends', async () => {
    const { shardOf, resolve, moves, users, link } = await thereAndBack();
    const [first, second, third] = users;
    await resolve('row', [...users], [link(third, second), link(second, first)]);
    const [from_shard, to_shard] = [shardOf(second), shardOf(first)];
    const only = { loser: second, winner: first, from_shard, to_shard, state: 'pending' };
    expect(await moves()).toEqual([only]);
  });

  it('lets nobody come back to a shard that he left until he is taken out there', async () => {
    const { own, resolve, moves, users, link } = await thereAndBack();
    const [first, second, third] = users;
    await resolve('away', [second, third], [link(third, second)]);
    const back = () => resolve('back', [first, second], [link(second, first)]);
    await expect(back()).rejects.toThrow(
      'a link has to wait until its user is taken out of a shard he comes back to',
    );
    // Nothing of the link was kept.
    expect((await resolve('look', [second])).canonical.get(second)).toBe(second);
    await pool.query("UPDATE user_moves SET state = 'done' WHERE project = $1", [own]);
    expect((await back()).outcomes).toMatchObject([
      { type: 'united', winner: first, loser: second },
    ]);
    expect((await moves()).map(({ loser }) => loser)).toEqual([third, second]);
  });
});
