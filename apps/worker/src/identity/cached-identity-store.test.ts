import type { IdentityRequest, IdentityStore } from '@arbor/engine/identity/identity-store';
import { identityModesContract } from '@arbor/engine/identity/identity-modes.contract';
import { identityStoreContract } from '@arbor/engine/identity/identity-store.contract';
import { MemoryIdentityStore } from '@arbor/engine/identity/memory-identity-store';
import { describe, expect, it } from 'vitest';
import { CachedIdentityStore } from './cached-identity-store.ts';
import type { IdentityChange } from './identity-changes.ts';

let project = 0;
const nextProject = (): number => ++project;
identityStoreContract(
  'CachedIdentityStore',
  () => Promise.resolve(new CachedIdentityStore(new MemoryIdentityStore(), async () => undefined)),
  nextProject,
);
identityModesContract(
  'CachedIdentityStore',
  () => {
    const map = new MemoryIdentityStore();
    const store = new CachedIdentityStore(map, async () => undefined);
    return Promise.resolve({ store, links: (of) => Promise.resolve(map.links(of)) });
  },
  nextProject,
);

const device = '$device:1';
let batches = 0;
const request = (
  identifiers: readonly string[],
  links: IdentityRequest['links'] = [],
): IdentityRequest => ({
  project: 1,
  batchId: `cached-${batches++}`,
  identifiers,
  links,
  redelivered: false,
});
const link = (alias: string, user: string): IdentityRequest['links'][number] => ({
  form: 'device',
  position: 0,
  alias,
  user,
});

/** Two processes over one map; `asked` counts what reached the map. */
function open() {
  const map = new MemoryIdentityStore();
  let asked = 0;
  const counting: IdentityStore = {
    resolve: (given) => {
      asked++;
      return map.resolve(given);
    },
    unions: (of, users) => {
      asked++;
      return map.unions(of, users);
    },
    undo: (given) => map.undo(given),
  };
  const changes: IdentityChange[] = [];
  const make = () => new CachedIdentityStore(counting, async (change) => void changes.push(change));
  return { one: make(), other: make(), changes, asked: () => asked };
}

describe('CachedIdentityStore', () => {
  it('asks once about users it knows, and about links that hold or were refused', async () => {
    const { one, asked } = open();
    await one.resolve(request([device, 'ann'], [link(device, 'ann')]));
    await one.resolve(request([device, 'bob'], [link(device, 'bob')]));
    expect(asked()).toBe(2);
    await one.resolve(request([device, 'ann'], [link(device, 'ann')]));
    const again = await one.resolve(request([device, 'bob'], [link(device, 'bob')]));
    expect(asked()).toBe(2);
    expect(again.outcomes).toMatchObject([{ type: 'refused', code: 'already_identified' }]);
  });

  it('asks again about a batch that is delivered again', async () => {
    const { one, asked } = open();
    await one.resolve(request(['ann']));
    await one.resolve({ ...request(['ann']), redelivered: true });
    expect(asked()).toBe(2);
  });

  it('follows a merge that another process made', async () => {
    const { one, other, changes } = open();
    await one.resolve(request(['ann']));
    await one.resolve(request([device]));
    await other.resolve(request([device, 'ann'], [link(device, 'ann')]));
    expect(changes).toEqual([{ version: 1, project: 1, epoch: 0, loser: device, winner: 'ann' }]);
    expect((await one.resolve(request([device]))).canonical.get(device)).toBe(device);
    for (const change of changes) one.apply(change);
    expect((await one.resolve(request([device]))).canonical.get(device)).toBe('ann');
  });

  it('asks about everybody after it may have missed a merge', async () => {
    const { one, other, asked } = open();
    await one.resolve(request(['ann']));
    await one.resolve(request([device]));
    await other.resolve(request([device, 'ann'], [link(device, 'ann')]));
    one.forget();
    expect((await one.resolve(request([device]))).canonical.get(device)).toBe('ann');
    expect(asked()).toBe(4);
  });

  /** Ann and a device of hers, known to two processes; the link is undone through the second. */
  async function undone() {
    const { one, other, changes, asked } = open();
    for (const user of ['ann', device]) await one.resolve(request([user]));
    await one.resolve(request([device, 'ann'], [link(device, 'ann')]));
    const [merge] = changes.splice(0);
    await other.resolve(request([device, 'ann']));
    await other.undo({ project: 1, link: 1, by: 'bob' });
    const userOf = async (store: CachedIdentityStore, epoch = 0) =>
      (await store.resolve({ ...request([device]), epoch })).canonical.get(device);
    return { one, other, changes, merge, asked, userOf };
  }

  it('forgets a user that was divided, in its own process and in others', async () => {
    const { one, other, changes, userOf } = await undone();
    expect(await userOf(other)).toBe(device);
    expect(await userOf(one)).toBe('ann');
    expect(changes).toEqual([{ version: 2, project: 1, epoch: 0 }]);
    for (const change of changes) one.apply(change);
    expect(await userOf(one)).toBe(device);
  });

  it('learns from the settings that a user was divided when the word was lost', async () => {
    const { one, userOf } = await undone();
    expect(await userOf(one)).toBe('ann');
    expect(await userOf(one, 1)).toBe(device);
  });

  it('remembers by which links users became one until one of them is taken back', async () => {
    const { one, asked } = open();
    await one.resolve(request([device]));
    await one.resolve(request(['ann']));
    await one.resolve(request([device, 'ann'], [link(device, 'ann')]));
    const users = new Map([['ann', device]]);
    const before = asked();
    const first = await one.unions(1, users);
    expect(first.get('ann')).toMatchObject([{ loser: 'ann', winner: device }]);
    expect(await one.unions(1, users)).toEqual(first);
    expect(asked()).toBe(before + 1);
    await one.undo({ project: 1, link: 1, by: 'bob' });
    expect((await one.unions(1, users)).get('ann')).toEqual([]);
  });

  it('does not believe a merge of an epoch that is over', async () => {
    const { one, merge, userOf } = await undone();
    expect(await userOf(one, 1)).toBe(device);
    if (merge !== undefined) one.apply(merge);
    expect(await userOf(one, 1)).toBe(device);
  });

  it('does not remember an answer that was overtaken', async () => {
    const map = new MemoryIdentityStore();
    let release = (): void => undefined;
    const store = new CachedIdentityStore(
      {
        resolve: async (given) => {
          const answer = await map.resolve(given);
          await new Promise<void>((resolve) => (release = resolve));
          return answer;
        },
        unions: (of, users) => map.unions(of, users),
        undo: (given) => map.undo(given),
      },
      async () => undefined,
    );
    await map.resolve(request(['ann']));
    await map.resolve(request([device, 'ann'], [link(device, 'ann')]));
    const overtaken = store.resolve(request([device]));
    await store.undo({ project: 1, link: 1, by: 'bob' });
    release();
    expect((await overtaken).canonical.get(device)).toBe('ann');
    const after = store.resolve(request([device]));
    await Promise.resolve().then(() => release());
    release();
    expect((await after).canonical.get(device)).toBe(device);
  });
});
