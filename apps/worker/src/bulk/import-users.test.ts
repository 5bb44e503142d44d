import { MemoryIdentityStore } from '@arbor/engine/identity/memory-identity-store';
import { ShardUsers } from '@arbor/engine/import/shard-users';
import { UsersFile } from '@arbor/engine/users-file';
import { expect, it } from 'vitest';
import { ImportUserResolver } from './import-users.ts';

const owner = { project: 1, shard: 2 };
const usersOf = (ids: readonly string[]) => ({
  count: ids.length,
  text: (user: number): string => ids[user] ?? '',
});

it('gives ids the ordinal of the user they belong to, and remembers how they were sent', async () => {
  const identities = new MemoryIdentityStore();
  await identities.resolve({
    project: 1,
    batchId: 'b',
    redelivered: false,
    identifiers: ['known', '$device:x'],
    links: [{ form: 'identify', position: 0, alias: '$device:x', user: 'known' }],
  });
  const resolver = new ImportUserResolver(identities, 1);
  const file = usersOf(['new', '$device:x', 'known']);
  await resolver.resolve(file);
  const own = resolver.usersOf(file, file.count, new ShardUsers());
  const [first, device, known] = own.ordinals;
  expect(first).toBe(1);
  expect(device).toBe(known);
  const sent = Array.from(own.sentIds, (code) => own.sentIdTexts[code]);
  expect(sent.filter((text) => text !== '')).toHaveLength(1);
});

it('continues the ordinals of the catalog, and names users that have their first event', () => {
  const before = new ShardUsers();
  for (const id of ['a', 'b']) before.ordinal(id);
  const piece = before.takeFile(owner);
  const first = UsersFile.open(piece ?? new Uint8Array(0), owner);
  const users = new ShardUsers();
  users.load(first);
  expect([users.ordinal('b'), users.ordinal('c'), users.ordinal('c')]).toEqual([2, 3, 3]);
  const next = UsersFile.open(users.takeFile(owner) ?? new Uint8Array(0), owner);
  expect(next.piece()).toMatchObject({ first: 3, ids: ['c'], withFirstEvents: [] });
  expect(users.takeFile(owner)).toBeNull();
});
