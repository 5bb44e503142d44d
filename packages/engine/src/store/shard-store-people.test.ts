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
import type { ShardStore } from './shard-store.ts';
import { viewOf } from '../../test/model/snapshot-view.ts';

const append = (store: ShardStore, rows: RowBatch) => store.append(encodeRowBatch(rows));

describe('users that become one', () => {
  it('take over profiles in the order in which one batch linked them', async () => {
    const set = (user: string, plan: string) =>
      person(user, [{ operator: '$set', values: { plan } }]);
    const links = [
      { loser: 'zed', winner: 'u1' },
      { loser: 'bob', winner: 'u1' },
    ];
    const { store } = await openStore();
    await append(store, batch('rows', { persons: [set('bob', 'free'), set('zed', 'pro')] }));
    await append(store, batch('links', { sequence: 2000, links }));
    expect(profileOf(viewOf(store), 'u1', ['plan'])).toEqual({ plan: 'pro' });
  });

  const rows = batch('rows', {
    sequence: 10,
    events: [
      event({ distinctId: 'anon', insertId: 'a', event: 'Visit' }),
      event({ distinctId: 'u1', insertId: 'b', event: 'Buy', time: midnight + 9 }),
    ],
    persons: [
      person('anon', [{ operator: '$set', values: { city: 'Rome', plan: 'none' } }]),
      person('u1', [{ operator: '$set', values: { plan: 'pro' } }]),
    ],
  });
  const link = batch('link', { sequence: 20, links: [{ loser: 'anon', winner: 'u1' }] });
  const later = batch('later', {
    sequence: 30,
    events: [
      event({ distinctId: 'anon', user: 'u1', insertId: 'c', event: 'Back', time: midnight + 5 }),
    ],
    persons: [person('u1', [{ operator: '$add', values: { visits: 1 } }])],
  });

  it('are one in rows, profile and counts, in whatever order it is heard', async () => {
    for (const order of [
      [rows, link, later],
      [later, link, rows],
      [link, later, rows],
    ]) {
      const { store } = await openStore();
      for (const part of order) {
        await append(store, part);
        viewOf(store);
      }
      const view = viewOf(store);
      expect(rowTexts(view)).toStrictEqual([
        `u1 ${midnight} Visit`,
        `u1 ${midnight + 5} Back`,
        `u1 ${midnight + 9} Buy`,
      ]);
      expect(new Set(view.users).size).toBe(1);
      expect(view.userIds).not.toContain('anon');
      const names = ['city', 'plan', 'visits'];
      expect(profileOf(view, 'u1', names)).toStrictEqual({ city: 'Rome', plan: 'pro', visits: 1 });
      expect(await store.names(1)).toMatchObject({ persons: 1, users: 1 });
    }
  });

  it('are one before the updates of the batch that says so', async () => {
    const { store } = await openStore();
    await append(store, rows);
    const { links, sequence } = link;
    const persons = [person('u1', [{ operator: '$set_once', values: { city: 'Bern' } }])];
    await append(store, batch('both', { sequence, links, persons }));
    expect(profileOf(viewOf(store), 'u1', ['city'])).toStrictEqual({ city: 'Rome' });
  });

  it('keep deleted what was deleted after the merge', async () => {
    const { store } = await openStore();
    const gone = batch('gone', {
      sequence: 40,
      persons: [person('u1', [{ operator: '$delete' }])],
    });
    for (const part of [rows, gone, link]) await append(store, part);
    expect(viewOf(store).personProperty('city')).toBeUndefined();
    expect(await store.names(1)).toMatchObject({ persons: 0, users: 1 });
  });

  it('apply a late update of the loser where it belongs: before the merge', async () => {
    const { store } = await openStore();
    await append(store, rows);
    await append(store, link);
    viewOf(store);
    await append(
      store,
      batch('lost', {
        sequence: 15,
        persons: [person('anon', [{ operator: '$set', values: { plan: 'late', age: 7 } }])],
      }),
    );
    expect(profileOf(viewOf(store), 'u1', ['plan', 'age'])).toStrictEqual({ plan: 'pro', age: 7 });
  });
});

describe('updates of people that come again', () => {
  const visit = (sequence: number, user = 'u1', distinctId = user): RowBatch => {
    const update = person(user, [{ operator: '$add', values: { visits: sequence } }]);
    return batch(`visit ${sequence}`, {
      sequence,
      persons: [{ ...update, distinctId, insertId: 'i' }],
    });
  };
  const visits = (store: ShardStore, user = 'u1') => profileOf(viewOf(store), user, ['visits']);

  it('are applied once: the first that arrived at the edge, whichever is delivered first', async () => {
    for (const order of [
      [1, 10, 100],
      [100, 10, 1],
      [10, 1, 100],
    ]) {
      const { store } = await openStore();
      for (const sequence of order) {
        await append(store, visit(sequence));
        viewOf(store);
      }
      expect(visits(store)).toStrictEqual({ visits: 1 });
    }
  });

  it('are no copies of each other when another user sent them, or when they have no id', async () => {
    const { store } = await openStore();
    await append(store, visit(1));
    await append(store, visit(2, 'u2'));
    const plain = [person('u1', [{ operator: '$add', values: { visits: 5 } }])];
    await append(store, batch('plain 3', { sequence: 3, persons: plain }));
    await append(store, batch('plain 4', { sequence: 4, persons: plain }));
    expect(visits(store)).toStrictEqual({ visits: 11 });
    expect(visits(store, 'u2')).toStrictEqual({ visits: 2 });
  });

  it('are applied once although a merge came between them, also after a restart', async () => {
    const link = batch('link', { sequence: 2, links: [{ loser: 'anon', winner: 'u1' }] });
    const parts = [visit(1, 'anon'), link, visit(3, 'u1', 'anon')];
    for (const order of [parts, parts.toReversed()]) {
      const { store, files } = await openStore();
      for (const part of order) {
        await append(store, part);
        viewOf(store);
      }
      expect(visits(store)).toStrictEqual({ visits: 1 });
      expect(visits((await openStore(files.crash())).store)).toStrictEqual({ visits: 1 });
    }
  });

  it('leave no profile where only a later copy was sent for the user', async () => {
    const { store } = await openStore();
    await append(store, visit(3, 'u1', 'anon'));
    expect(visits(store)).toStrictEqual({ visits: 3 });
    await append(store, visit(1, 'anon'));
    expect(visits(store)).toStrictEqual({});
    expect(visits(store, 'anon')).toStrictEqual({ visits: 1 });
    expect(await store.names(1)).toMatchObject({ persons: 1, users: 1 });
  });
});
