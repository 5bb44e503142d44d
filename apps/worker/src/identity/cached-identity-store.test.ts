import type { IdentityRequest, IdentityStore } from '@arbor/engine/identity/identity-store';
import { identityStoreContract } from '@arbor/engine/identity/identity-store.contract';
import { MemoryIdentityStore } from '@arbor/engine/identity/memory-identity-store';
import { describe, expect, it } from 'vitest';
import { CachedIdentityStore } from './cached-identity-store.ts';
import type { IdentityChange } from './identity-changes.ts';

let project = 0;
identityStoreContract(
  'CachedIdentityStore',
  () => Promise.resolve(new CachedIdentityStore(new MemoryIdentityStore(), async () => undefined)),
  () => ++project,
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
    expect(changes).toEqual([{ project: 1, loser: device, winner: 'ann' }]);
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
});
