import { describe, expect, it } from 'vitest';
import {
  batch,
  event,
  midnight,
  openStore,
  person,
  profileOf,
  rowTexts,
} from '../../test/batches.ts';
import { encodeRowBatch, type RowBatch } from '../format/row-batch.ts';
import { dayMs } from '../format/segment/segment-rows.ts';
import type { ShardView } from '../query/exec/shard-view.ts';
import type { ShardStore } from './shard-store.ts';
import { snapshotView, viewOf } from '../../test/model/snapshot-view.ts';

/** All events of these tests. */
const onDay = { firstDay: midnight / dayMs, lastDay: midnight / dayMs };

const append = (store: ShardStore, rows: RowBatch) => store.append(encodeRowBatch(rows));

describe('shard store', () => {
  it('has a batch from the moment the append resolves, also after it was opened again', async () => {
    const { store, files } = await openStore();
    const rows = batch('b1', { events: [event(), event({ insertId: 'i2', time: midnight + 5 })] });
    expect(await append(store, rows)).toBe('stored');
    const expected = [`u1 ${midnight} View`, `u1 ${midnight + 5} View`];
    expect(rowTexts(viewOf(store))).toStrictEqual(expected);
    const again = await openStore(files.crash());
    expect(rowTexts(viewOf(again.store))).toStrictEqual(expected);
    expect(again.damage).toStrictEqual([]);
  });

  it('takes a batch once, however often it is given', async () => {
    const { store, files } = await openStore();
    const rows = batch('b1', { events: [event()] });
    const bytes = encodeRowBatch(rows);
    const results = await Promise.all([store.append(bytes), store.append(bytes)]);
    expect(results).toStrictEqual(['stored', 'duplicate']);
    expect(await store.append(bytes)).toBe('duplicate');
    await store.close();
    const again = await openStore(files);
    expect(await append(again.store, rows)).toBe('duplicate');
    expect(again.store.stats()).toMatchObject({ batches: 1, events: 1, hiddenEvents: 0 });
  });

  it('refuses both deliveries of a batch whose write failed, and takes it later', async () => {
    const { store, files } = await openStore();
    const rows = batch('b1', { events: [event()] });
    files.onAction = (action) => {
      if (action === 'sync') throw new Error('disk is full');
    };
    const results = await Promise.allSettled([append(store, rows), append(store, rows)]);
    expect(results.map(({ status }) => status)).toStrictEqual(['rejected', 'rejected']);
    expect(viewOf(store).rowCount).toBe(0);
    files.onAction = () => undefined;
    expect(await append(store, rows)).toBe('stored');
    expect(viewOf(store).rowCount).toBe(1);
    expect(viewOf((await openStore(files.crash())).store).rowCount).toBe(1);
  });

  it('refuses a batch of another shard, and bytes that are none', async () => {
    const { store } = await openStore();
    await expect(append(store, batch('b1', { shard: 1 }))).rejects.toThrow(
      expect.objectContaining({
        code: 'WRONG_SHARD',
        message: 'batch b1 of shard 1 was given to shard 0',
      }),
    );
    await expect(store.append(Buffer.from('nonsense'))).rejects.toThrow(
      expect.objectContaining({ code: 'CORRUPT_BATCH' }),
    );
    expect(store.stats().logBytes).toBe(64);
  });

  it('keeps projects apart', async () => {
    const { store } = await openStore();
    await append(store, batch('b1', { project: 1, events: [event()] }));
    await append(store, batch('b2', { project: 2, events: [event({ event: 'Other' })] }));
    expect(store.projects()).toStrictEqual([1, 2]);
    expect(rowTexts(viewOf(store))).toStrictEqual([`u1 ${midnight} View`]);
    expect(rowTexts(viewOf(store, 2))).toStrictEqual([`u1 ${midnight} Other`]);
    expect(viewOf(store, 3).rowCount).toBe(0);
    expect(store.projects()).toStrictEqual([1, 2]);
  });

  it('refuses batches once it is closed', async () => {
    const { store } = await openStore();
    await store.close();
    await store.close();
    await expect(append(store, batch('b1'))).rejects.toThrow('shard 0: the store is closed');
  });

  it('tells what it holds', async () => {
    const { store } = await openStore();
    const first = batch('b1', { events: [event()] });
    const second = batch('b2', { sequence: 2000, events: [event()] });
    await append(store, first);
    await append(store, second);
    expect(store.stats()).toStrictEqual({
      projects: 1,
      batches: 2,
      events: 1,
      hiddenEvents: 1,
      logBytes: 64 + 32 + encodeRowBatch(first).length + encodeRowBatch(second).length,
      logFile: 1,
      catalogVersion: 0,
      lastStoredAt: midnight,
    });
  });
});

describe('view', () => {
  it('is ordered by user, time, sequence and position', async () => {
    const { store } = await openStore();
    await append(
      store,
      batch('late', {
        sequence: 30,
        events: [
          event({ insertId: 'a', event: 'third', position: 5 }),
          event({ insertId: 'b', event: 'second', position: 4 }),
        ],
      }),
    );
    await append(
      store,
      batch('early', {
        sequence: 10,
        events: [
          event({ insertId: 'c', event: 'first', position: 9 }),
          event({ insertId: 'd', event: 'zeroth', time: midnight - 1 }),
          event({ insertId: 'e', event: 'nobody', distinctId: '', time: midnight + 9 }),
        ],
      }),
    );
    const view = viewOf(store);
    expect(rowTexts(view).map((text) => text.split(' ')[2])).toStrictEqual([
      'nobody',
      'zeroth',
      'first',
      'second',
      'third',
    ]);
    expect(view.users[0]).toBe(0);
  });

  it('is the same until something changes, and never changes once handed out', async () => {
    const { store } = await openStore();
    await append(
      store,
      batch('b1', {
        events: [event({ properties: { plan: 'free' } })],
        persons: [person('u1', [{ operator: '$set', values: { plan: 'free' } }])],
      }),
    );
    const snapshot = store.snapshot(1);
    expect(store.snapshot(1)).toBe(snapshot);
    const before = (): ShardView => snapshotView(snapshot);
    await append(
      store,
      batch('b2', {
        sequence: 2000,
        events: [
          event({ properties: { plan: 'pro' } }),
          event({ insertId: 'i2', event: 'New', properties: { plan: 'pro', added: 1 } }),
        ],
        persons: [person('u1', [{ operator: '$set', values: { plan: 'pro' } }])],
        links: [{ loser: 'u1', winner: 'u0' }],
      }),
    );
    // Nothing of this was asked for before the second batch came.
    expect(rowTexts(before(), 'plan', 'added')).toStrictEqual([`u1 ${midnight} View "free" -`]);
    expect(profileOf(before(), 'u1', ['plan'])).toStrictEqual({ plan: 'free' });
    expect(before().eventNames).toStrictEqual(['View']);
    expect(rowTexts(viewOf(store), 'plan', 'added')).toStrictEqual([
      `u0 ${midnight} View "pro" -`,
      `u0 ${midnight} New "pro" 1`,
    ]);
    expect(profileOf(viewOf(store), 'u0', ['plan'])).toStrictEqual({ plan: 'pro' });
  });

  it('gives people of an older snapshot after those of a newer one with more users', async () => {
    const { store } = await openStore();
    const persons = [person('u1', [{ operator: '$set', values: { plan: 'free' } }])];
    await append(store, batch('b1', { events: [event()], persons }));
    const older = store.snapshot(1);
    await append(store, batch('b2', { events: [event({ distinctId: 'u2' })] }));
    expect(store.snapshot(1).personProperty('plan')?.codes).toStrictEqual(Uint32Array.of(0, 1, 0));
    expect(older.personProperty('plan')?.codes).toStrictEqual(Uint32Array.of(0, 1));
  });

  it('keeps the parts of days that nothing new came for', async () => {
    const { store } = await openStore();
    const tomorrow = midnight + dayMs;
    const ids = (): string[] => store.snapshot(1).days.map(({ parts }) => parts[0].id);
    await append(store, batch('b1', { events: [event(), event({ time: tomorrow })] }));
    const [first, second] = ids();
    await append(
      store,
      batch('b2', { persons: [person('u1', [{ operator: '$set', values: {} }])] }),
    );
    expect(ids()).toStrictEqual([first, second]);
    await append(store, batch('b3', { events: [event({ time: tomorrow, insertId: 'i2' })] }));
    expect(ids()[0]).toBe(first);
    expect(ids()[1]).not.toBe(second);
  });

  it('gives a property by row with types kept apart, and none where no row has it', async () => {
    const { store } = await openStore();
    const values = [1, '1', true, [1], null, -0];
    const events = values.map((value, i) =>
      event({ insertId: `i${i}`, time: midnight + i, properties: { value } }),
    );
    await append(
      store,
      batch('b1', { events: [...events, event({ insertId: 'none', time: midnight + 9 })] }),
    );
    const view = viewOf(store);
    expect(
      rowTexts(view, 'value').map((text) => text.slice(text.indexOf('View') + 5)),
    ).toStrictEqual(['1', '"1"', 'true', '[1]', 'null', '0', '-']);
    expect(view.eventProperty('missing')).toBeUndefined();
    expect(view.personProperty('missing')).toBeUndefined();
  });

  it('offers the name and the user of an event like properties', async () => {
    const { store } = await openStore();
    await append(
      store,
      batch('b1', { events: [event(), event({ distinctId: '', insertId: 'i2' })] }),
    );
    const texts = rowTexts(viewOf(store), '$event_name', '$distinct_id');
    expect(texts).toStrictEqual([` ${midnight} View "View" -`, `u1 ${midnight} View "View" "u1"`]);
  });
});

describe('duplicate events', () => {
  const copy = (price: number) => event({ properties: { price } });

  it('are one: the copy that reached the edge last', async () => {
    for (const order of [
      [1, 2, 3],
      [3, 2, 1],
      [2, 3, 1],
    ]) {
      const { store } = await openStore();
      for (const price of order) {
        await append(store, batch(`b${price}`, { sequence: price, events: [copy(price)] }));
      }
      expect(rowTexts(viewOf(store), 'price')).toStrictEqual([`u1 ${midnight} View 3`]);
      expect((await store.names(1)).events).toStrictEqual([{ name: 'View', count: 1, ...onDay }]);
      expect((await store.names(1)).properties).toStrictEqual([
        { scope: 'event', name: 'price', types: ['number'], count: 1 },
      ]);
    }
  });

  it('within a batch are decided by the position', async () => {
    const { store } = await openStore();
    const events = [
      event({ properties: { price: 1 }, position: 2 }),
      event({ properties: { price: 2 }, position: 7 }),
      event({ properties: { price: 3 }, position: 5 }),
    ];
    await append(store, batch('b1', { events }));
    expect(rowTexts(viewOf(store), 'price')).toStrictEqual([`u1 ${midnight} View 2`]);
  });

  it('with one sequence are decided by the batch id', async () => {
    for (const ids of [
      ['a', 'b'],
      ['b', 'a'],
    ]) {
      const { store } = await openStore();
      for (const id of ids) {
        await append(store, batch(id, { events: [event({ properties: { id } })] }));
      }
      expect(rowTexts(viewOf(store), 'id')).toStrictEqual([`u1 ${midnight} View "b"`]);
    }
  });

  it('are told apart by each part of the key, and by the time as sent', async () => {
    const { store } = await openStore();
    const changes = [
      {},
      { event: 'Buy' },
      { time: midnight + 1, sentTime: midnight + 1 },
      { time: midnight, sentTime: midnight + 77 },
      { distinctId: 'device', user: 'u1' },
      { insertId: 'i2' },
      { insertId: '' },
    ];
    const same = [
      { time: midnight + 500, sentTime: midnight },
      { distinctId: 'u1', user: 'other' },
    ];
    await append(store, batch('b1', { events: changes.map((change) => event(change)) }));
    expect(viewOf(store).rowCount).toBe(changes.length);
    await append(
      store,
      batch('b2', {
        sequence: 2000,
        events: same.map((change, position) => event({ ...change, position })),
      }),
    );
    expect(viewOf(store).rowCount).toBe(changes.length);
  });

  it('compare the id as sent, although the user became another one in between', async () => {
    const { store } = await openStore();
    const sent = { distinctId: 'device', insertId: 'same' };
    await append(store, batch('b1', { events: [event({ ...sent, user: 'device' })] }));
    await append(
      store,
      batch('b2', {
        sequence: 2000,
        events: [event({ ...sent, user: 'u1' })],
        links: [{ loser: 'device', winner: 'u1' }],
      }),
    );
    expect(rowTexts(viewOf(store))).toStrictEqual([`u1 ${midnight} View`]);
    expect((await store.names(1)).users).toBe(1);
  });

  it('are found among many', async () => {
    const { store } = await openStore();
    const events = Array.from({ length: 5000 }, (_, i) =>
      event({ insertId: `i${i}`, distinctId: `u${i % 7}`, position: i }),
    );
    await append(store, batch('b1', { events }));
    await append(store, batch('b2', { sequence: 2000, events: events.slice(0, 4000) }));
    expect(viewOf(store).rowCount).toBe(5000);
    expect(store.stats().hiddenEvents).toBe(4000);
  });
});

describe('names', () => {
  it('are what the pickers list', async () => {
    const { store } = await openStore();
    await append(
      store,
      batch('b1', {
        events: [
          event({ insertId: '1', properties: { city: 'Rome', day: '2024-03-04', n: 1 } }),
          event({ insertId: '2', properties: { city: 'Bern', n: 'x' } }),
          event({ insertId: '3', event: 'Buy', properties: { city: 'Rome', n: 'y', list: ['a'] } }),
          event({ insertId: '4', distinctId: '', properties: {} }),
        ],
        persons: [
          person('u2', [
            { operator: '$set', values: { plan: 'pro', when: '2024-03-04T10:00:00' } },
          ]),
          person('u3', [{ operator: '$set', values: { plan: null } }]),
        ],
      }),
    );
    expect(await store.names(1)).toStrictEqual({
      groups: [],
      events: [
        { name: 'View', count: 3, ...onDay },
        { name: 'Buy', count: 1, ...onDay },
      ],
      properties: [
        { scope: 'event', name: 'city', types: ['string'], count: 3 },
        { scope: 'event', name: 'n', types: ['string', 'number'], count: 3 },
        { scope: 'event', name: 'day', types: ['date'], count: 1 },
        { scope: 'event', name: 'list', types: ['list'], count: 1 },
        { scope: 'person', name: 'plan', types: ['string', 'null'], count: 2 },
        { scope: 'person', name: 'when', types: ['date'], count: 1 },
      ],
      values: [],
      persons: 2,
      users: 3,
    });
  });

  it('give the values of a property, the most frequent first, that contain a text in any case', async () => {
    const { store } = await openStore();
    const values = [
      'Rome',
      'Rome',
      'romeo',
      'Bern',
      7,
      true,
      null,
      ['Rome', 'Rome', 'Prom'],
      { rome: 1 },
    ];
    const events = values.map((value, i) => event({ insertId: `i${i}`, properties: { value } }));
    await append(store, batch('b1', { events }));
    const ask = async (search: string, max = 10) => {
      const { values: found } = await store.names(1, {
        scope: 'event',
        name: 'value',
        search,
        max,
      });
      return found.map(({ text, count }) => `${text} ${count}`);
    };
    expect(await ask('ROM')).toStrictEqual(['Rome 3', 'Prom 1', 'romeo 1', '{"rome":1} 1']);
    expect(await ask('')).toHaveLength(7);
    expect(await ask('', 1)).toStrictEqual(['Rome 3']);
    expect(await ask('7')).toStrictEqual(['7 1']);
    const ofPeople = await store.names(1, { scope: 'person', name: 'value', search: '', max: 9 });
    expect(ofPeople.values).toStrictEqual([]);
  });

  it('of an unknown project are empty', async () => {
    const { store } = await openStore();
    expect(await store.names(9)).toStrictEqual({
      groups: [],
      events: [],
      properties: [],
      values: [],
      persons: 0,
      users: 0,
    });
  });
});
