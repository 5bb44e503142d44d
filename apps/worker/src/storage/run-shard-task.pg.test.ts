import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { commitCatalog, expiredFiles, readCatalog } from '@arbor/db/catalog';
import { withShardLock } from '@arbor/db/shard-lock';
import { type BatchEvent, encodeRowBatch, type RowBatch } from '@arbor/engine/batch';
import type { ObjectStore } from '@arbor/object-store/object-store';
import type { ShardTask } from '@arbor/schema/shard-task';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { FileCache } from './file-cache.ts';
import { Rewriter } from './rewriter.ts';
import { losingPool } from './testing/losing-pool.ts';
import { bytesBelow, contentOf, type TestReplica, TestShard } from './testing/test-shard.ts';

const databaseUrl = inject('databaseUrl');
const dayMs = 86_400_000;
const firstDay = Date.UTC(2024, 2, 4);

let pool: pg.Pool;
let rewriter: Rewriter;
beforeAll(() => {
  pool = new pg.Pool({ connectionString: databaseUrl });
  rewriter = new Rewriter();
});
afterAll(async () => {
  await rewriter.close();
  await pool.end();
});

let shard = 760_000;
let own: TestShard;
let a: TestReplica;
let b: TestReplica;
beforeEach(async () => {
  own = await TestShard.create({ pool, databaseUrl, rewriter, shard: ++shard });
  [a, b] = [await own.openReplica('a'), await own.openReplica('b')];
});
afterEach(() => own.remove());

const batch = (sequence: number, change: Partial<RowBatch>): Uint8Array =>
  encodeRowBatch({
    batchId: `batch-${sequence}`,
    project: 1,
    shard,
    sequence,
    receivedAt: own.now,
    events: [],
    persons: [],
    links: [],
    ...change,
  });

/** An event of the user on a day, whose property tells it from all others. */
function event(user: string, day: number, n: string, change: Partial<BatchEvent> = {}): BatchEvent {
  const time = firstDay + day * dayMs + 1000;
  return {
    event: 'View',
    time,
    sentTime: time,
    distinctId: user,
    user,
    insertId: n,
    position: 0,
    properties: { n, secret: `of ${user}` },
    ...change,
  };
}

const profile = (user: string, values: { [name: string]: string | number }, position = 100) => ({
  user,
  distinctId: user,
  time: own.now,
  ignoreTime: true,
  position,
  operations: [{ operator: '$set' as const, values }],
});

/** Both replicas store the batches. */
async function give(...batches: Uint8Array[]): Promise<void> {
  for (const bytes of batches) {
    for (const { store } of [a, b]) expect(await store.append(bytes)).toBe('stored');
  }
}

/** Three users on two days: indexed, indexed once more, and in memory. */
async function threeUsers(): Promise<void> {
  const users = ['ann', 'bob', 'cid'];
  for (const sequence of [1, 2, 3]) {
    await give(
      batch(sequence, {
        events: users.flatMap((user, i) => [
          event(user, 0, `${user}-${sequence}-0`, { position: 2 * i }),
          event(user, 1, `${user}-${sequence}-1`, { position: 2 * i + 1 }),
        ]),
        persons: users.map((user, i) => profile(user, { name: user, city: `${sequence}` }, 10 + i)),
      }),
    );
    if (sequence < 3) await own.index(a);
  }
  await b.follower.refresh();
}

/** What both replicas say, which is the same. */
async function content() {
  await b.follower.refresh();
  const said = await contentOf(a.store);
  expect(await contentOf(b.store)).toEqual(said);
  return said;
}

/** Does the task in one of the zones; answers what came of it. */
async function done(task: ShardTask): Promise<unknown> {
  const id = await own.ask(task);
  expect(await own.runTasks(a)).toBe('done');
  return own.resultOf(id);
}

const eraseBob: ShardTask = { type: 'erase', users: ['bob'], identifiers: ['bob'], until: 1000 };

describe('erasing a user', () => {
  it('takes rows, profile and id out of files, memory and logs of both replicas', async () => {
    await threeUsers();
    const before = await content();
    const result = await done(eraseBob);
    const isLeft = (text: string): boolean => !text.startsWith('bob');
    const expected = {
      rows: before.rows.filter(isLeft),
      profiles: before.profiles.filter(isLeft),
      persons: 2,
      users: 2,
    };
    expect(await content()).toEqual(expected);
    const { version, files } = a.follower.current;
    expect(result).toEqual({
      state: 'done',
      task: null,
      result: { events: 6, profiles: 1, properties: 2, files: 10, version },
    });
    for (const key of files.keys()) {
      expect(readFileSync(a.follower.pathOf(key), 'latin1')).not.toContain('bob');
    }
    for (const { directory } of [a, b]) {
      expect(bytesBelow(path.join(directory, 'log'))).not.toContain('bob');
    }
    own.now += 3_600_000;
    expect(await own.compact(a)).toBe('done');
    expect(await content()).toEqual(expected);
  });

  it('leaves a log that has a batch of its own no longer than that batch', async () => {
    await threeUsers();
    const late = batch(4, { events: [event('cid', 0, 'late')] });
    expect(await b.store.append(late)).toBe('stored');
    const log = path.join(b.directory, 'log');
    expect(bytesBelow(log)).toContain('bob');
    await done(eraseBob);
    await b.follower.refresh();
    expect(await a.store.append(late)).toBe('stored');
    expect((await content()).rows).toContain('cid "late"');
    await own.index(a);
    await b.follower.refresh();
    expect(bytesBelow(log)).not.toContain('bob');
    expect((await content()).rows.length).toBe(13);
  });

  it('goes for what arrived before; who comes back is another user, with what arrives later', async () => {
    await threeUsers();
    await done(eraseBob);
    await give(
      batch(2000, { events: [event('bob', 0, 'new')], persons: [profile('bob', { city: 'x' })] }),
    );
    const { rows, profiles, users } = await content();
    expect(rows.filter((row) => row.startsWith('bob'))).toEqual(['bob "new"']);
    expect(profiles.filter((row) => row.startsWith('bob'))).toEqual(['bob: city="x"']);
    expect(users).toBe(3);
  });

  it('leaves what arrived since in files, under the id', async () => {
    await threeUsers();
    const result = await done({ ...eraseBob, until: 3 } as ShardTask);
    expect(result).toMatchObject({ result: { events: 4, profiles: 1, properties: 2 } });
    const { rows, profiles, users } = await content();
    expect(rows.filter((row) => row.startsWith('bob'))).toEqual(['bob "bob-3-0"', 'bob "bob-3-1"']);
    expect(profiles.filter((row) => row.startsWith('bob'))).toEqual([]);
    expect(users).toBe(3);
  });

  it('takes everybody who was merged into the user, and the links', async () => {
    await threeUsers();
    await give(batch(4, { links: [{ loser: 'cid', winner: 'bob' }] }));
    const result = await done({ ...eraseBob, identifiers: ['bob', 'cid'] } as ShardTask);
    expect(result).toMatchObject({ result: { events: 12, profiles: 1, properties: 2 } });
    const { rows, users } = await content();
    expect(rows.every((row) => row.startsWith('ann'))).toBe(true);
    expect(users).toBe(1);
    await give(batch(2000, { events: [event('cid', 0, 'new')] }));
    expect((await content()).rows).toContain('cid "new"');
  });

  it('does not bring back what a later copy of him hid', async () => {
    const day = firstDay + 5 * dayMs;
    const late = { event: 'Buy', sentTime: day, insertId: 'same' };
    await give(batch(1, { events: [event('bob', 5, 'first', { ...late, time: day })] }));
    await own.index(a);
    await give(
      batch(2, { events: [event('bob', 2, 'last', late)] }),
      batch(3, { events: [event('ann', 9, 'other')] }),
    );
    await own.index(a);
    expect((await content()).rows).toEqual(['ann "other"', 'bob "last"']);
    await done({ type: 'expire', beforeDay: firstDay / dayMs + 4 });
    expect((await content()).rows).toEqual(['ann "other"']);
  });

  it('ends at once where nobody knows the user', async () => {
    await threeUsers();
    const before = await content();
    const result = await done({ type: 'erase', users: ['dee'], identifiers: ['d'], until: 9 });
    const { version } = a.follower.current;
    expect(result).toEqual({
      state: 'done',
      task: null,
      result: { events: 0, profiles: 0, properties: 0, files: 0, version },
    });
    expect(await content()).toEqual(before);
  });

  it('lets the old objects go sooner than others, those that were removed before too', async () => {
    await threeUsers();
    own.now += 3_600_000;
    await own.compact(a);
    await done(eraseBob);
    expect(b.follower.mustPurge).toBe(false);
    await b.follower.refresh();
    expect(b.follower.mustPurge).toBe(true);
    own.now += 200_000;
    await b.follower.trimCache(90_000);
    expect(b.follower.mustPurge).toBe(false);
    const keys = await expiredFiles(pool, 600_000, 0);
    const removed = keys.filter((key) => key.startsWith(`shard-${shard}/1/`));
    expect(removed.length).toBeGreaterThan(6);
    const named = new Set((await readCatalog(pool, shard)).files.keys());
    expect(removed.filter((key) => named.has(key))).toEqual([]);
    expect(bytesBelow(path.join(b.directory, '..', 'objects'))).toContain('bob');
    await own.objects.delete(removed);
    expect(bytesBelow(path.join(b.directory, '..', 'objects'))).not.toContain('bob');
  });
});

describe('a task', () => {
  it('that dies at any object changes nothing, and is done the next time', async () => {
    await threeUsers();
    const before = await content();
    const id = await own.ask(eraseBob);
    for (let good = 0; ; good++) {
      const outcome = await own.runTasks(a, { objects: failingAfter(good) }).catch(String);
      if (outcome === 'done') break;
      expect(outcome).toBe('Error: the disk is full');
      expect(await content()).toEqual(before);
      expect(await own.resultOf(id)).toMatchObject({ state: 'waiting', result: null });
    }
    expect(await own.resultOf(id)).toMatchObject({ state: 'done', result: { events: 6 } });
    expect((await content()).rows.length).toBe(12);
  });

  it('that dies at any statement of its commit is done once', async () => {
    await threeUsers();
    await own.index(a);
    const id = await own.ask(eraseBob);
    let failures = 0;
    for (let good = 0; ; good++) {
      const outcome = await own.runTasks(a, { pool: losingPool(pool, good) }).catch(String);
      if (!outcome.startsWith('Error')) break;
      failures++;
      expect(outcome).toBe('Error: the connection is gone');
      await a.follower.refresh();
      const { state } = (await own.resultOf(id)) as { state: string };
      // The answer to COMMIT alone may be lost when everything is done.
      expect((await content()).rows.length).toBe(state === 'done' ? 12 : 18);
    }
    expect(failures).toBeGreaterThan(8);
    expect(await own.resultOf(id)).toMatchObject({ state: 'done', result: { events: 6 } });
    expect((await content()).rows.length).toBe(12);
  });

  it('gives way to a commit that came first', async () => {
    await threeUsers();
    await own.index(a);
    const id = await own.ask(eraseBob);
    const intruding = intercepted(async () => {
      const { version } = await readCatalog(pool, shard);
      await commitCatalog(pool, { shard, expectedVersion: version, add: [], remove: [] });
    });
    expect(await own.runTasks(a, { objects: intruding })).toBe('conflict');
    expect(await own.resultOf(id)).toMatchObject({ state: 'waiting' });
    expect((await content()).rows.length).toBe(18);
    expect(await own.runTasks(b)).toBe('done');
    await a.follower.refresh();
    expect((await content()).rows.length).toBe(12);
  });

  it('is done once, whoever else does it', async () => {
    await threeUsers();
    const id = await own.ask(eraseBob);
    await withShardLock({ databaseUrl, shard }, async () => {
      expect(await own.runTasks(a)).toBe('busy');
    });
    expect(await own.runTasks(a)).toBe('done');
    const { version } = await readCatalog(pool, shard);
    const again = await commitCatalog(pool, {
      shard,
      expectedVersion: version,
      add: [],
      remove: [],
      endTask: { id, state: 'done', result: {} },
    });
    expect(again).toEqual({ outcome: 'conflict', version });
    expect(await own.runTasks(b)).toBe('nothing');
  });

  it('that no version knows fails, and those behind it are done', async () => {
    await threeUsers();
    const bad = await own.ask({ type: 'polish' } as unknown as ShardTask);
    const good = await own.ask(eraseBob);
    expect(await own.runTasks(a)).toBe('done');
    expect(await own.resultOf(bad)).toMatchObject({
      state: 'failed',
      task: null,
      result: {
        reason: expect.stringContaining('it is no task that this version knows') as unknown,
      },
    });
    expect(await own.resultOf(good)).toMatchObject({ state: 'done' });
  });
});

describe('taking a user out', () => {
  it('leaves nothing of him but the id', async () => {
    await threeUsers();
    const result = await done({ type: 'take_out', users: ['bob'], until: 1000 });
    expect(result).toMatchObject({ result: { events: 6, profiles: 1, properties: 2 } });
    const { rows, users, persons } = await content();
    expect([rows.length, users, persons]).toEqual([12, 2, 2]);
    expect(Buffer.from(a.store.catalogUsers(1).ids.bytes).toString()).toContain('bob');
  });
});

describe('letting days expire', () => {
  it('takes whole days, and forgets who was seen on them alone', async () => {
    await threeUsers();
    await give(batch(4, { events: [event('dee', 0, 'only')] }));
    expect((await content()).users).toBe(4);
    const result = await done({ type: 'expire', beforeDay: firstDay / dayMs + 1 });
    expect(result).toMatchObject({ result: { events: 10, profiles: 0, properties: 0 } });
    const { rows, users } = await content();
    expect([rows.length, users]).toEqual([9, 3]);
  });

  it('keeps the old objects as long as any others: somebody may be copying them', async () => {
    await threeUsers();
    await done({ type: 'expire', beforeDay: firstDay / dayMs + 1 });
    await b.follower.refresh();
    expect(b.follower.mustPurge).toBe(false);
    const removedOf = async (graceMs: number) =>
      (await expiredFiles(pool, graceMs, 0)).filter((key) => key.startsWith(`shard-${shard}/1/`));
    expect(await removedOf(600_000)).toEqual([]);
    expect(await removedOf(0)).not.toEqual([]);
  });

  it('counts an event once that lies in two segments of a day', async () => {
    for (const sequence of [1, 2]) {
      await give(batch(sequence, { events: [event('ann', 0, 'same')] }));
      await own.index(a);
    }
    await b.follower.refresh();
    const result = await done({ type: 'expire', beforeDay: firstDay / dayMs + 1 });
    expect(result).toMatchObject({ result: { events: 1, files: 3 } });
    expect((await content()).rows).toEqual([]);
  });
});

describe('dividing a user', () => {
  const split: ShardTask = {
    type: 'split',
    user: 'ann',
    identifiers: ['bob', 'b2'],
    to: 'bob',
    staying: ['ann'],
    among: [],
  };

  /** Bob and Ann, who become one and go on so. */
  async function merged(): Promise<void> {
    await give(
      batch(1, {
        events: [event('ann', 0, 'a1'), event('bob', 0, 'b1', { position: 1 })],
        persons: [
          profile('ann', { name: 'Ann' }),
          profile('bob', { name: 'Bob', city: 'Rome' }, 101),
        ],
      }),
    );
    await own.index(a);
    await give(
      batch(2, {
        links: [{ loser: 'bob', winner: 'ann' }],
        events: [
          event('ann', 1, 'a2'),
          event('ann', 1, 'b2', { distinctId: 'bob', position: 1 }),
          event('ann', 1, 'b3', { distinctId: 'b2', position: 2 }),
          event('ann', 1, 'b4', {
            distinctId: '$device:d',
            position: 3,
            properties: { n: 'b4', $user_id: 'bob' },
          }),
        ],
      }),
    );
  }

  it('gives each part the rows that were sent under its identifiers, and what it had', async () => {
    await merged();
    await own.index(a);
    own.now += 3_600_000;
    await own.compact(a);
    expect(await content()).toEqual({
      rows: ['a1', 'a2', 'b1', 'b2', 'b3', 'b4'].map((n) => `ann "${n}"`),
      profiles: ['ann: city="Rome"', 'ann: name="Ann"'],
      persons: 1,
      users: 1,
    });
    const result = await done(split);
    expect(result).toMatchObject({ result: { events: 4, profiles: 1, properties: 2 } });
    const expected = {
      rows: ['ann "a1"', 'ann "a2"', 'bob "b1"', 'bob "b2"', 'bob "b3"', 'bob "b4"'],
      profiles: ['ann: name="Ann"', 'bob: city="Rome"', 'bob: name="Bob"'],
      persons: 2,
      users: 2,
    };
    expect(await content()).toEqual(expected);
    expect(await done(split)).toMatchObject({ result: { events: 0, profiles: 0, properties: 0 } });
    expect(await content()).toEqual(expected);
    // Rows that were on their way when the merge was undone come late, others of the part under an identifier it has since.
    await give(
      batch(6, {
        events: [
          event('ann', 1, 'late', { distinctId: 'b2' }),
          event('bob', 1, 'since', { distinctId: 'b9', position: 1 }),
        ],
      }),
    );
    expect(await done(split)).toMatchObject({ result: { events: 1, profiles: 0, properties: 0 } });
    const { rows } = await content();
    expect(rows).toEqual([...expected.rows, 'bob "late"', 'bob "since"']);
  });

  it('leaves what the user got since, and gives a part that was never seen alone a new user', async () => {
    await merged();
    await give(batch(3, { persons: [profile('ann', { city: 'Oslo' })] }));
    await done({ ...split, identifiers: ['b2'], to: 'b2' } as ShardTask);
    expect(await content()).toEqual({
      rows: ['ann "a1"', 'ann "a2"', 'ann "b1"', 'ann "b2"', 'ann "b4"', 'b2 "b3"'],
      profiles: ['ann: city="Oslo"', 'ann: name="Ann"'],
      persons: 1,
      users: 2,
    });
    await done(split);
    expect((await content()).profiles).toEqual([
      'ann: city="Oslo"',
      'ann: name="Ann"',
      'bob: city="Rome"',
      'bob: name="Bob"',
    ]);
  });

  it('can be merged and divided again', async () => {
    await merged();
    await done(split);
    await give(batch(5, { links: [{ loser: 'bob', winner: 'ann' }] }));
    const { rows, users } = await content();
    expect([users, rows.every((row) => row.startsWith('ann'))]).toEqual([1, true]);
    await done(split);
    const { profiles } = await content();
    expect(profiles).toEqual(['ann: name="Ann"', 'bob: city="Rome"', 'bob: name="Bob"']);
  });
});

it('drops fetched files of the erased sooner than others', async () => {
  await threeUsers();
  const folder = path.join(b.directory, 'fetched');
  mkdirSync(folder);
  const away = intercepted(() => undefined, { localPath: () => null });
  const cache = new FileCache(away, folder);
  const keys = [...b.follower.current.files.values()];
  for (const { key, bytes } of keys) await cache.pathOf({ key, bytes });
  expect(bytesBelow(folder)).toContain('bob');
  const retain = (now: number) =>
    cache.retain(`shard-${shard}/`, new Map(), {
      now,
      graceMs: (key) => (key.endsWith('arcov') ? 600_000 : 90_000),
    });
  await retain(0);
  await retain(90_000);
  expect(bytesBelow(folder)).not.toContain('bob');
  expect(bytesBelow(folder).length).toBeGreaterThan(0);
});

/** The store of the test, but every put after the first `good` ones fails. */
function failingAfter(good: number): ObjectStore {
  let puts = 0;
  return intercepted(() => {
    if (puts++ === good) throw new Error('the disk is full');
  });
}

/** The store of the test, with something that happens before each put. */
function intercepted(before: () => unknown, change: Partial<ObjectStore> = {}): ObjectStore {
  const { objects } = own;
  return {
    description: objects.description,
    put: async (...given) => {
      await before();
      return objects.put(...given);
    },
    get: (key) => objects.get(key),
    getRange: (key, offset, length) => objects.getRange(key, offset, length),
    download: (key, target) => objects.download(key, target),
    list: (prefix) => objects.list(prefix),
    delete: (keys) => objects.delete(keys),
    localPath: (key) => objects.localPath(key),
    close: () => objects.close(),
    ...change,
  };
}
