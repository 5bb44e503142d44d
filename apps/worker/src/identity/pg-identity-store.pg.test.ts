import { identityStoreContract } from '@arbor/engine/identity/identity-store.contract';
import { MemoryIdentityStore } from '@arbor/engine/identity/memory-identity-store';
import type { LinkRequest } from '@arbor/engine/identity/links';
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
identityStoreContract(
  'the PostgreSQL store',
  () => Promise.resolve(createPgIdentityStore(pool)),
  () => ++project,
);

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
        form: (['identify', 'alias', 'device'] as const)[next(3)],
        position,
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
      };
      const [expected, actual] = [await model.resolve(request), await store.resolve(request)];
      expect(actual.canonical).toEqual(expected.canonical);
      expect(actual.outcomes).toEqual(expected.outcomes);
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
    const { rows } = await pool.query(
      'SELECT alias, winner, loser, refused, batch_id FROM identity_links WHERE project = $1 ORDER BY id',
      [own],
    );
    expect(rows).toEqual([
      { alias: 'ann', winner: device(1), loser: 'ann', refused: null, batch_id: 'log-1' },
      {
        alias: device(1),
        winner: 'bob',
        loser: device(1),
        refused: `"${device(1)}" already belongs to another known user`,
        batch_id: 'log-1',
      },
    ]);
  });
});
