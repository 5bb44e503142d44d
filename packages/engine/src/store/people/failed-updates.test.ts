import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { batch, midnight, openStore, person } from '../../../test/batches.ts';
import { TestCatalog } from '../../../test/test-catalog.ts';
import { encodeRowBatch, type RowBatch } from '../../format/row-batch.ts';
import { groupProject } from '../groups/group-project.ts';
import type { FailedUpdate } from './people-table.ts';

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-failed-updates-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

const plan = (user: string) => person(user, [{ operator: '$set', values: { plan: 'pro' } }]);
const count = (user: string) =>
  person(user, [{ operator: '$add', values: { plan: 1 } }], { distinctId: 'as sent', position: 3 });
const receivedAt = midnight + 5;

/** What each index job tells: one after each group of batches. */
async function told(...groups: readonly (readonly RowBatch[])[]): Promise<FailedUpdate[][]> {
  const catalog = new TestCatalog(folder);
  const { store } = await openStore();
  const all: FailedUpdate[][] = [];
  for (const group of groups) {
    for (const one of group) await store.append(encodeRowBatch(one));
    const job = await store.prepareIndex();
    all.push(job?.projects.flatMap(({ failedUpdates }) => failedUpdates) ?? []);
    if (job !== null) catalog.commit(job);
    await store.adopt(catalog.latest);
  }
  await store.close();
  return all;
}

const sequence = receivedAt * 1000 + 7;
const failure = {
  id: 'b-3-0',
  receivedAt,
  distinctId: 'as sent',
  operation: { operator: '$add', values: { plan: 1 } },
  property: 'plan',
  reason: 'the profile has another value there than a number, or the sum would be none',
};

test('an index job tells once of what could not be done, also where files had the profile', async () => {
  const groups = [
    [batch('a', { persons: [plan('u1')] })],
    [batch('b', { sequence, persons: [count('u1')] })],
    [batch('c', { sequence: sequence + 1, persons: [plan('u1')] })],
  ];
  expect(await told(...groups)).toEqual([[], [failure], []]);
});

test('what fails is what fails in the order of arrival, whatever came first', async () => {
  const first = batch('a', { sequence: sequence - 1, persons: [plan('u2')] });
  const second = batch('b', { sequence, persons: [count('u1')] });
  const links = [{ loser: 'u2', winner: 'u1' }];
  // Alone it can be done; behind what the other had, who is the same, it cannot.
  const link = batch('l', { sequence: sequence - 1, links });
  expect(await told([second, link, first])).toEqual([[failure]]);
  expect(await told([second])).toEqual([[]]);
});

test('of groups, and of what another shard has told of, nothing is told', async () => {
  const project = groupProject(1);
  const groups = [
    batch('a', { project, persons: [plan('u1')] }),
    batch('b', { project, persons: [count('u1')] }),
  ];
  const moved = '~move-000000000001-update-1-x';
  const others = [
    batch('c', { persons: [plan('u1')] }),
    batch(moved, { sequence, persons: [count('u1')] }),
  ];
  expect(await told(groups, others)).toEqual([[], []]);
});
