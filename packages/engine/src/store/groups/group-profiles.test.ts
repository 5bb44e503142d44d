import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { PersonOperation } from '@arbor/schema/ingest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { batch, event, openStore, person } from '../../../test/batches.ts';
import { TestCatalog } from '../../../test/test-catalog.ts';
import { encodeRowBatch, type RowBatch } from '../../format/row-batch.ts';
import type { ShardStore } from '../shard-store.ts';
import { groupOfUser, groupProject, groupUser, isGroupProject } from './group-project.ts';

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-group-profiles-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

const company = (id: string, values: Record<string, string | number>, insertId?: string) =>
  update('company', id, [{ operator: '$set', values }], insertId);

function update(key: string, id: string, operations: readonly PersonOperation[], own?: string) {
  return person(groupUser(key, id), operations, own === undefined ? {} : { insertId: own });
}

/** Updates of groups of project 1 that arrive as the `sequence`th. */
function ofGroups(sequence: number, ...persons: RowBatch['persons'][number][]): RowBatch {
  return batch(`b${sequence}-0-groups`, { project: groupProject(1), sequence, persons });
}

async function append(store: ShardStore, ...batches: RowBatch[]): Promise<void> {
  for (const one of batches) await store.append(encodeRowBatch(one));
}

/** The property by group. */
function read(store: ShardStore, key: string, name: string): Record<string, unknown> {
  const column = store.snapshot(1).groups?.property(key, name);
  return Object.fromEntries((column?.keys ?? []).map((id, i) => [id, column?.values[i]]));
}

describe('profiles of groups', () => {
  it('are read with the snapshot of their project, and make nobody a user of it', async () => {
    const { store } = await openStore();
    await append(
      store,
      batch('b1-0', { events: [event({ properties: { company: 'acme' } })] }),
      ofGroups(2, company('acme', { plan: 'pro', seats: 3 }), company('zen', { plan: 'free' })),
      ofGroups(3, update('team', 'acme', [{ operator: '$set', values: { plan: 'other' } }])),
    );
    expect(read(store, 'company', 'plan')).toEqual({ acme: 'pro', zen: 'free' });
    expect(read(store, 'company', 'seats')).toEqual({ acme: 3 });
    expect(read(store, 'team', 'plan')).toEqual({ acme: 'other' });
    expect(read(store, 'city', 'plan')).toEqual({});
    const { users, persons } = await store.names(1);
    expect({ users, persons }).toEqual({ users: 1, persons: 0 });
    expect(store.snapshot(1).users.count).toBe(1);
    await store.close();
  });

  it('are the same column until one of them changes', async () => {
    const { store } = await openStore();
    await append(store, ofGroups(1, company('acme', { plan: 'pro' })));
    const before = store.snapshot(1).groups?.property('company', 'plan');
    await append(store, batch('b2-0', { events: [event()] }));
    expect(store.snapshot(1).groups?.property('company', 'plan')).toBe(before);
    const older = store.snapshot(1);
    await append(store, ofGroups(3, company('acme', { plan: 'free' })));
    expect(read(store, 'company', 'plan')).toEqual({ acme: 'free' });
    expect(older.groups?.property('company', 'plan')?.values).toEqual(['pro']);
    await store.close();
  });

  it('follow the order of arrival, apply each copy once, and go when they are deleted', async () => {
    const { store } = await openStore();
    const add = (insertId: string) =>
      update('company', 'acme', [{ operator: '$add', values: { n: 1 } }], insertId);
    const late = ofGroups(1, company('acme', { plan: 'first', n: 10 }));
    await append(store, ofGroups(2, add('a')), ofGroups(3, add('a'), add('b')), late);
    await append(store, ofGroups(2, add('a')));
    expect(read(store, 'company', 'n')).toEqual({ acme: 12 });
    await append(store, ofGroups(4, update('company', 'acme', [{ operator: '$delete' }])));
    expect(store.snapshot(1).groups?.property('company', 'plan')).toBeUndefined();
    await store.close();
  });

  it('survive a restart, indexing, and updates after it', async () => {
    const { store, files } = await openStore();
    const catalog = new TestCatalog(folder);
    const first = ofGroups(
      1,
      company('acme', { plan: 'pro' }, 'i1'),
      company('zen', { plan: 'x' }),
    );
    await append(store, first);
    await store.close();
    const { store: again } = await openStore(files);
    expect(read(again, 'company', 'plan')).toEqual({ acme: 'pro', zen: 'x' });

    const job = await again.prepareIndex();
    if (job) catalog.commit(job);
    await again.adopt(catalog.latest);
    expect(again.indexable().batches).toBe(0);
    await append(again, first, ofGroups(2, company('zen', { plan: 'free' })));
    // A copy of an update that lies in the files already.
    await append(again, ofGroups(3, company('acme', { plan: 'copy' }, 'i1')));
    expect(read(again, 'company', 'plan')).toEqual({ acme: 'pro', zen: 'free' });
    await again.close();
    const { store: third } = await openStore(files, { catalog: catalog.latest });
    expect(read(third, 'company', 'plan')).toEqual({ acme: 'pro', zen: 'free' });
    await third.close();
  });

  it('are listed by key, with how many have what', async () => {
    const { store } = await openStore();
    await append(
      store,
      ofGroups(1, company('acme', { plan: 'pro', seats: 3 }), company('zen', { plan: 'free' })),
      ofGroups(2, company('old', { plan: 'free' })),
    );
    const job = await store.prepareIndex();
    const catalog = new TestCatalog(folder);
    if (job) catalog.commit(job);
    await store.adopt(catalog.latest);
    await append(
      store,
      ofGroups(3, update('team', 'red', [{ operator: '$set', values: { since: '2024-03-04' } }])),
      ofGroups(
        4,
        update('company', 'old', [{ operator: '$delete' }]),
        company('zen', { seats: 9 }),
      ),
    );
    const values = { scope: 'group' as const, groupKey: 'company', name: 'plan', max: 10 };
    const names = await store.names(1, { ...values, search: 'R' });
    expect(names.groups).toEqual([
      {
        groupKey: 'company',
        count: 2,
        properties: [
          { name: 'plan', types: ['string'], count: 2 },
          { name: 'seats', types: ['number'], count: 2 },
        ],
      },
      { groupKey: 'team', count: 1, properties: [{ name: 'since', types: ['date'], count: 1 }] },
    ]);
    expect(names.properties).toEqual([]);
    expect(names.values).toEqual([
      { text: 'free', count: 1 },
      { text: 'pro', count: 1 },
    ]);
    await store.close();
  });

  it('lie under numbers that no project has', () => {
    expect([1, 2 ** 30 - 1].map(groupProject)).toEqual([2 ** 30 + 1, 2 ** 31 - 1]);
    expect([2 ** 30 - 1, 2 ** 30 + 1].map(isGroupProject)).toEqual([false, true]);
    expect(() => groupProject(2 ** 30)).toThrow(
      'project 1073741824 is not an integer from 1 to 1073741823',
    );
    expect(groupOfUser(groupUser('company', 'a:b'))).toEqual({ key: 'company', id: 'a:b' });
    expect(groupOfUser('ada')).toBeNull();
  });
});
