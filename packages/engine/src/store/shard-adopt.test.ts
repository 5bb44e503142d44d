import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { batch, event, midnight, openStore, person, profileOf } from '../../test/batches.ts';
import { TestCatalog } from '../../test/test-catalog.ts';
import { encodeRowBatch, type RowBatch } from '../format/row-batch.ts';
import { dayMs } from '../format/segment/segment-rows.ts';
import type { LogFileAction } from './row-log/memory-log-files.ts';
import { MemoryLogFiles } from './row-log/memory-log-files.ts';
import { emptyCatalog, type SegmentEntry } from './shard-catalog.ts';
import { ShardStore, type ShardStoreOptions } from './shard-store.ts';
import { viewOf } from '../../test/model/snapshot-view.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'arbor-adopt-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Batch i: one event of a user of its own, and one more visit on the profile that all share. */
function visit(i: number): RowBatch {
  const user = `user-${i}`;
  return batch(`batch-${i}`, {
    sequence: 1000 + i,
    events: [event({ time: midnight + i, distinctId: user, insertId: `i${i}` })],
    persons: [person('all', [{ operator: '$add', values: { visits: 1 } }], { insertId: `i${i}` })],
  });
}

const visits = (from: number, to: number): RowBatch[] =>
  Array.from({ length: to - from }, (_, i) => visit(from + i));

const give = async (store: ShardStore, batches: readonly RowBatch[]): Promise<string[]> =>
  Promise.all(batches.map((one) => store.append(encodeRowBatch(one))));

/** Users with an event, and how many visits the shared profile counted. */
function seen(store: ShardStore): { events: number; visits: unknown } {
  const view = viewOf(store);
  const profile = view.userIds.includes('all') ? profileOf(view, 'all', ['visits']) : {};
  return { events: new Set(view.users).size, visits: profile['visits'] };
}

const all = (count: number): { events: number; visits: number } => ({
  events: count,
  visits: count,
});

async function indexed(store: ShardStore, catalog: TestCatalog): Promise<void> {
  const job = await store.prepareIndex();
  if (job) catalog.commit(job);
  await store.adopt(catalog.latest);
}

describe('a damaged file of the row log', () => {
  const damaged = async () => {
    const written = await openStore();
    await give(written.store, visits(0, 2));
    await written.store.close();
    const bytes = written.files.bytes(1);
    const at = bytes.indexOf('batch-0');
    bytes[at] ^= 1;
    written.files.setBytes(1, bytes);
    return openStore(written.files);
  };

  it('goes once it is given up and what can be read of it is covered', async () => {
    const catalog = new TestCatalog(folder);
    const { store, files, damage } = await damaged();
    expect(damage).toMatchObject([{ kind: 'damaged' }]);
    expect([seen(store), store.damagedLogFiles]).toStrictEqual([all(1), [1]]);
    await store.giveUpDamagedLog();
    expect(await files.list()).toStrictEqual([1, 2]);
    await indexed(store, catalog);
    expect([await files.list(), store.logSince, seen(store)]).toStrictEqual([[2], null, all(1)]);
  });

  it('stays while nobody gives it up, whatever is covered', async () => {
    const catalog = new TestCatalog(folder);
    const { store, files } = await damaged();
    await indexed(store, catalog);
    catalog.writeUsersAnew(1);
    await store.adopt(catalog.latest);
    expect(await files.list()).toContain(1);
    expect(store.damagedLogFiles).toStrictEqual([1]);
    await store.giveUpDamagedLog();
    expect(await files.list()).not.toContain(1);
  });
});

describe('a dictionary that was written anew', () => {
  it('is served beside the old one, which snapshots still read', async () => {
    const catalog = new TestCatalog(folder);
    const { store } = await openStore();
    await give(store, visits(0, 2));
    await indexed(store, catalog);
    await give(store, visits(2, 4));
    const before = store.snapshot(1);
    catalog.writeUsersAnew(1);
    await store.adopt(catalog.latest);
    expect(store.snapshot(1).users).not.toBe(before.users);
    expect(seen(store)).toStrictEqual(all(4));
    await indexed(store, catalog);
    expect(seen(store)).toStrictEqual(all(4));
  });

  it('ends the log file that may hold what was taken out, also when the disk failed first', async () => {
    const catalog = new TestCatalog(folder);
    const { store, files } = await openStore();
    await give(store, visits(0, 2));
    await indexed(store, catalog);
    expect(await files.list()).toStrictEqual([1]);
    catalog.writeUsersAnew(1);
    files.onAction = (action) => {
      if (action === 'create') throw new Error('no space left');
    };
    await expect(store.adopt(catalog.latest)).rejects.toThrow('no space left');
    files.onAction = () => undefined;
    expect(seen(store)).toStrictEqual(all(2));
    await store.adopt(catalog.latest);
    expect(await files.list()).toStrictEqual([2]);
    expect(await give(store, visits(0, 3))).toStrictEqual(['duplicate', 'duplicate', 'stored']);
    expect(seen(store)).toStrictEqual(all(3));
  });

  it('ends that file also where the version with what was taken out was never served here', async () => {
    const catalog = new TestCatalog(folder);
    const [{ store: other }, { store, files }] = [await openStore(), await openStore()];
    for (const one of [other, store]) await give(one, visits(0, 2));
    const job = await other.prepareIndex();
    if (job) catalog.commit(job);
    catalog.writeUsersAnew(1);
    await store.adopt(catalog.latest);
    expect(await files.list()).toStrictEqual([2]);
  });

  it('ends that file also where a version changes nothing: an erasure that found nobody here', async () => {
    const catalog = new TestCatalog(folder);
    const { store, files } = await openStore();
    await give(store, visits(0, 2));
    await indexed(store, catalog);
    expect(await files.list()).toStrictEqual([1]);
    const { latest } = catalog;
    await store.adopt({ ...latest, version: latest.version + 1 });
    expect(await files.list()).toStrictEqual([2]);
    expect(seen(store)).toStrictEqual(all(2));
  });
});

describe('a replica that was away for longer than covered batches are remembered', () => {
  it('applies no update of people twice, whether it was in its log or comes late', async () => {
    const plain = visits(0, 5).map((one) => ({
      ...one,
      persons: [person('all', [{ operator: '$add', values: { visits: 1 } }])],
    }));
    const catalog = new TestCatalog(folder);
    const [{ store: a }, { store: b }] = [await openStore(), await openStore()];
    await give(b, plain.slice(0, 2));
    for (const some of [plain.slice(0, 3), plain.slice(3, 4)]) {
      await give(a, some);
      await indexed(a, catalog);
    }
    catalog.mergeSmall(1, 'covered', midnight + 9 * dayMs);
    await b.adopt(catalog.latest);
    expect(seen(b)).toStrictEqual(all(4));
    expect(await give(b, plain)).toStrictEqual([
      'duplicate',
      'duplicate',
      'duplicate',
      'duplicate',
      'stored',
    ]);
    expect(seen(b)).toStrictEqual(all(5));
    await indexed(b, catalog);
    await a.adopt(catalog.latest);
    expect(await give(a, plain)).toStrictEqual(plain.map(() => 'duplicate'));
    expect(seen(a)).toStrictEqual(all(5));
  });

  it('stores no batch of which it cannot be told whether it is covered', async () => {
    const catalog = new TestCatalog(folder);
    const { store } = await openStore();
    for (const one of visits(0, 2)) {
      await give(store, [one]);
      await indexed(store, catalog);
    }
    catalog.mergeSmall(1, 'covered', midnight + 9 * dayMs);
    const { store: late } = await openStore(undefined, { catalog: catalog.latest });
    rmSync(catalog.latest.covered[0].path);
    await expect(give(late, visits(0, 1))).rejects.toMatchObject({ code: 'CATALOG_UNREADABLE' });
  });
});

describe('a store that adopts a catalog', () => {
  it('counts each event and update once, before, while and after, among appends', async () => {
    let isSlow = false;
    // A clock that is always late makes every pause a real one.
    let now = midnight;
    const options: Partial<ShardStoreOptions> = {
      clock: () => (now += 100),
      readFile: async (path) => {
        for (let turn = 0; isSlow && turn < 5; turn++) {
          await new Promise((resolve) => setImmediate(resolve));
        }
        return readFile(path);
      },
    };
    const store = await openWith(new MemoryLogFiles(), options);
    const catalog = new TestCatalog(folder);
    await give(store, visits(0, 20));
    isSlow = true;
    const preparing = store.prepareIndex();
    await give(store, visits(20, 30));
    expect(seen(store)).toStrictEqual(all(30));
    const job = await preparing;
    expect(job?.batchCount).toBe(20);
    if (job) catalog.commit(job);
    let isDone = false;
    const adopting = store.adopt(catalog.latest).then(() => (isDone = true));
    let count = 30;
    for (; !isDone; count++) {
      await give(store, [visit(count)]);
      expect(seen(store)).toStrictEqual(all(count + 1));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await adopting;
    expect(count).toBeGreaterThan(31);
    expect(seen(store)).toStrictEqual(all(count));
    expect(store.indexable().batches).toBe(count - 20);
    expect(await give(store, visits(0, count))).not.toContain('stored');
  });

  it('gives the row log its space back', async () => {
    const { store, files } = await openStore();
    const catalog = new TestCatalog(folder);
    await give(store, visits(0, 20));
    const { logBytes } = store.stats();
    await indexed(store, catalog);
    await give(store, [visit(20)]);
    await indexed(store, catalog);
    expect(store.stats().logBytes).toBeLessThan(logBytes / 4);
    const again = await openStore(files.crash(), { catalog: catalog.latest });
    expect(seen(again.store)).toStrictEqual(all(21));
  });

  it('keeps what the version before says when a file cannot be read, and adopts it later', async () => {
    let isAway = true;
    const options: Partial<ShardStoreOptions> = {
      readFile: (path) => (isAway ? Promise.reject(new Error('no such file')) : readFile(path)),
    };
    const store = await openWith(new MemoryLogFiles(), options);
    const catalog = new TestCatalog(folder);
    await give(store, visits(0, 3));
    const job = await store.prepareIndex();
    if (job) catalog.commit(job);
    const failure = store.adopt(catalog.latest);
    await expect(failure).rejects.toMatchObject({ code: 'CATALOG_UNREADABLE', retry: true });
    await expect(failure).rejects.toThrow('fetch it again');
    expect(seen(store)).toStrictEqual(all(3));
    expect(store.catalogVersion).toBe(0);
    isAway = false;
    await store.adopt(catalog.latest);
    expect(seen(store)).toStrictEqual(all(3));
    expect(store.catalogVersion).toBe(1);
    await store.adopt(emptyCatalog);
    expect(store.catalogVersion).toBe(1);
  });

  it('takes over merges at the second attempt when the first one failed behind the users', async () => {
    let isAway = false;
    const catalog = new TestCatalog(folder);
    const store = await openWith(new MemoryLogFiles(), {
      readFile: (path) => {
        const { people } = catalog.latest.projects.get(1) ?? { people: [] };
        const isPeople = people.some((file) => file.path === path);
        return isAway && isPeople ? Promise.reject(new Error('no such file')) : readFile(path);
      },
    });
    await give(store, visits(0, 2));
    await indexed(store, catalog);
    const links = [{ loser: 'user-1', winner: 'user-0' }];
    await give(store, [{ ...visit(2), links }]);
    const job = await store.prepareIndex();
    if (job) catalog.commit(job);
    isAway = true;
    await expect(store.adopt(catalog.latest)).rejects.toThrow('fetch it again');
    isAway = false;
    await store.adopt(catalog.latest);
    expect(store.snapshot(1).redirects.losers).toHaveLength(1);
    expect(seen(store)).toStrictEqual({ events: 2, visits: 3 });
  });

  it('refuses files of another history', async () => {
    const { store } = await openStore();
    const { store: other } = await openStore();
    await give(store, visits(0, 3));
    await give(other, visits(5, 9));
    const catalogs = [new TestCatalog(folder), new TestCatalog(folder)];
    await indexed(store, catalogs[0]);
    await indexed(other, catalogs[1]);
    await give(other, [visit(9)]);
    await indexed(other, catalogs[1]);
    const { projects } = catalogs[1].latest;
    const foreign = new Map(
      Array.from(projects, ([project, files]) => {
        const users = files.users.map(({ id, path }) => ({ id: `other-${id}`, path }));
        return [project, { ...files, users }] as const;
      }),
    );
    const strange = { ...catalogs[1].latest, projects: foreign };
    await expect(store.adopt(strange)).rejects.toThrow('it is of another history of the shard');
    expect(seen(store)).toStrictEqual(all(3));
  });

  it('lets the other replica index, and takes over its order of users', async () => {
    const { store } = await openStore();
    const { store: other } = await openStore();
    const catalog = new TestCatalog(folder);
    await give(store, visits(0, 5));
    await give(other, visits(0, 5).toReversed());
    await give(other, visits(5, 8));
    await indexed(other, catalog);
    await store.adopt(catalog.latest);
    expect(seen(store)).toStrictEqual(all(8));
    expect(viewOf(store).userIds).toStrictEqual(viewOf(other).userIds);
    expect(store.indexable()).toStrictEqual({ batches: 0, bytes: 0, oldestAt: null });
    expect(await give(store, visits(5, 8))).toStrictEqual(Array(3).fill('duplicate'));
  });

  it('says what waits for an index job', async () => {
    const { store } = await openStore();
    expect(await store.prepareIndex()).toBeNull();
    await give(store, [{ ...visit(0), receivedAt: 500 }, visit(1)]);
    const { batches, bytes, oldestAt } = store.indexable();
    expect({ batches, oldestAt }).toStrictEqual({ batches: 2, oldestAt: 500 });
    expect(bytes).toBeGreaterThan(100);
  });
});

async function openWith(
  files: MemoryLogFiles,
  options: Partial<ShardStoreOptions>,
): Promise<ShardStore> {
  return ShardStore.open({
    directory: 'unused: the log files are in memory',
    shard: 0,
    clock: () => midnight,
    onDamage: ({ error }) => {
      throw error;
    },
    files,
    ...options,
  });
}

describe('rows of one batch and instant, sent for users who were merged later', () => {
  it('stand in one order on every replica and path: by user, then by place in the batch', async () => {
    const rows = batch('rows', {
      sequence: 5,
      events: ['c', 'a', 'b', 'c', 'a', 'b'].map((user, position) =>
        event({ event: `${user}${position}`, distinctId: user, position, insertId: `${position}` }),
      ),
    });
    const links = batch('links', {
      sequence: 6,
      links: ['a', 'c'].map((loser) => ({ loser, winner: 'b' })),
    });
    const order = ['b2', 'b5', 'a1', 'a4', 'c0', 'c3'];
    const shown = (store: ShardStore): string[] => {
      const { eventNames, events } = viewOf(store);
      return Array.from(events, (code) => eventNames[code]);
    };
    const catalog = new TestCatalog(folder);
    const [{ store: a }, { store: b }] = [await openStore(), await openStore()];
    await give(a, [rows, links]);
    await give(b, [links, rows]);
    expect([shown(a), shown(b)]).toStrictEqual([order, order]);
    await indexed(b, catalog);
    await a.adopt(catalog.latest);
    expect([shown(a), shown(b)]).toStrictEqual([order, order]);
    catalog.compact(1, a);
    await b.adopt(catalog.latest);
    const [{ parts }] = b.snapshot(1).days;
    expect(parts.map(({ rowCount }) => rowCount)).toStrictEqual([6]);
    expect(shown(b)).toStrictEqual(order);
  });
});

describe('copies at different times', () => {
  const tomorrow = midnight + dayMs;
  /** The edge changed the time of the first copy; the second came when its time had passed. */
  const first = batch('first', {
    sequence: 1,
    events: [event({ time: midnight, sentTime: tomorrow }), event({ insertId: 'other' })],
  });
  const second = batch('second', { sequence: 2, events: [event({ time: tomorrow })] });
  const third = batch('third', {
    sequence: 3,
    events: [event({ time: tomorrow + 5, sentTime: tomorrow })],
  });
  const times = (store: ShardStore): number[] => [...viewOf(store).times];

  it('count once from the moment that the later one comes, whatever is indexed and compacted', async () => {
    const { store, files } = await openStore();
    const catalog = new TestCatalog(folder);
    await give(store, [first]);
    await indexed(store, catalog);
    expect(times(store)).toStrictEqual([midnight, midnight]);
    for (const [rows, shown] of [
      [second, tomorrow],
      [third, tomorrow + 5],
    ] as const) {
      await give(store, [rows]);
      expect(times(store)).toStrictEqual([midnight, shown]);
      await indexed(store, catalog);
      expect(times(store)).toStrictEqual([midnight, shown]);
    }
    const again = await openStore(files.crash(), { catalog: catalog.latest });
    expect(times(again.store)).toStrictEqual([midnight, tomorrow + 5]);
    for (let round = 0; round < 2; round++) {
      catalog.compact(1, store);
      await store.adopt(catalog.latest);
      expect(times(store)).toStrictEqual([midnight, tomorrow + 5]);
    }
    const segments = store.snapshot(1).days.flatMap(({ parts }) => parts);
    expect(segments.map(({ rowCount }) => rowCount)).toStrictEqual([1, 1]);
  });

  it('count once when both came with segments in which nobody looked for copies', async () => {
    const imported = async (rows: RowBatch): Promise<SegmentEntry[]> => {
      const { store } = await openStore();
      const catalog = new TestCatalog(folder);
      await give(store, [rows]);
      await indexed(store, catalog);
      return [...(catalog.latest.projects.get(1)?.segments ?? [])];
    };
    const changed = { ...second, events: [event({ time: tomorrow + 7, sentTime: tomorrow })] };
    for (const [rows, shown] of [
      [second, [midnight, tomorrow]],
      [changed, [midnight, tomorrow + 7]],
      [{ ...second, sequence: 0 }, [midnight, midnight]],
      [{ ...changed, sequence: 0 }, [midnight, midnight]],
    ] as const) {
      const { store, files } = await openStore();
      const catalog = new TestCatalog(folder);
      await give(store, [first]);
      await indexed(store, catalog);
      catalog.importSegments(1, await imported(rows));
      await store.adopt(catalog.latest);
      expect(times(store)).toStrictEqual(shown);
      const again = await openStore(files.crash(), { catalog: catalog.latest });
      expect(times(again.store)).toStrictEqual(shown);
      for (let round = 0; round < 2; round++) {
        catalog.compact(1, store);
        await store.adopt(catalog.latest);
        expect(times(store)).toStrictEqual(shown);
      }
      await give(store, [third]);
      expect(times(store)).toStrictEqual([midnight, tomorrow + 5]);
    }
  });

  it('count once however long ago the first one came, and whoever its user is by now', async () => {
    const year = 365 * dayMs;
    const { store } = await openStore();
    const catalog = new TestCatalog(folder);
    const future = event({ time: midnight, sentTime: midnight + year, distinctId: 'device' });
    await give(store, [batch('future', { sequence: 1, events: [future] })]);
    await indexed(store, catalog);
    const between = event({ time: midnight + year - 1, insertId: 'between' });
    await give(store, [batch('between', { sequence: 2, events: [between] })]);
    await indexed(store, catalog);
    const late = event({ time: midnight + year, distinctId: 'device', user: 'known' });
    await give(store, [batch('late', { sequence: 3, events: [late] })]);
    expect(times(store)).toStrictEqual([midnight + year - 1, midnight + year]);
    const links = [{ loser: 'device', winner: 'known' }];
    await give(store, [batch('link', { sequence: 4, links })]);
    await indexed(store, catalog);
    expect(times(store)).toStrictEqual([midnight + year - 1, midnight + year]);
    const changed = { ...future, time: midnight + year + 5, user: 'third' };
    await give(store, [batch('changed', { sequence: 5, events: [changed] })]);
    expect(times(store)).toStrictEqual([midnight + year - 1, midnight + year + 5]);
  });

  it('count once when the later one was indexed before the earlier one came', async () => {
    for (const [early, late, shown] of [
      [first, third, tomorrow + 5],
      [first, second, tomorrow],
    ] as const) {
      const { store } = await openStore();
      const catalog = new TestCatalog(folder);
      await give(store, [late]);
      await indexed(store, catalog);
      await give(store, [early]);
      expect(times(store)).toStrictEqual([midnight, shown]);
      const [firstDay, lastDay] = [midnight, shown].map((time) => Math.floor(time / dayMs));
      expect((await store.names(1)).events).toStrictEqual([
        { name: 'View', count: 2, firstDay, lastDay },
      ]);
      await indexed(store, catalog);
      expect(times(store)).toStrictEqual([midnight, shown]);
    }
  });
});

describe('a crash', () => {
  /** Three rounds of appends, indexing and adopting; stops at the disk's action number `last`. */
  async function rounds(
    files: MemoryLogFiles,
    catalog: TestCatalog,
    last: number,
  ): Promise<number> {
    let actions = 0;
    files.onAction = (action: LogFileAction) => {
      if (actions++ >= last) throw new Error(`crash at ${action}`);
    };
    let stored = 0;
    const store = await openWith(files, {});
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 3; i++) {
        await give(store, [visit(stored)]);
        stored++;
      }
      await indexed(store, catalog);
    }
    return actions;
  }

  it('at any action of the disk loses and doubles nothing that was acknowledged', async () => {
    const total = await rounds(new MemoryLogFiles(), new TestCatalog(folder), Infinity);
    expect(total).toBeGreaterThan(20);
    for (let last = 0; last < total; last++) {
      const files = new MemoryLogFiles();
      const catalog = new TestCatalog(folder);
      await expect(rounds(files, catalog, last)).rejects.toThrow();
      const { store } = await openStore(files.crash(), { catalog: catalog.latest });
      // The senders give everything again: what was stored is known, the rest comes new.
      const outcomes = await give(store, visits(0, 9));
      expect(outcomes.join(' ')).toMatch(/^(duplicate ?)*(stored ?)*$/);
      expect(seen(store)).toStrictEqual(all(9));
      await indexed(store, catalog);
      expect(seen(store)).toStrictEqual(all(9));
    }
  });
});
