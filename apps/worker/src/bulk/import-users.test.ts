import { MemoryIdentityStore } from '@arbor/engine/identity/memory-identity-store';
import { ShardUsers } from '@arbor/engine/import/shard-users';
import { encodeUsersFile, UsersFile } from '@arbor/engine/users-file';
import { expect, it } from 'vitest';
import { ImportUserResolver } from './import-users.ts';

const owner = { project: 1, shard: 2 };
const usersOf = (ids: readonly string[]) => ({
  count: ids.length,
  text: (user: number): string => ids[user] ?? '',
});

/** The identity map in memory, as an import asks it. */
function importIdentities(identities: MemoryIdentityStore, asked: string[][] = []) {
  return {
    async register(project: number, identifiers: readonly string[]) {
      asked.push([...identifiers]);
      const request = { project, batchId: '', links: [], redelivered: false, identifiers };
      const { canonical } = await identities.resolve(request);
      return new Map([...canonical].filter(([identifier, own]) => identifier !== own));
    },
  };
}

it('gives ids the ordinal of the user they belong to, and remembers how they were sent', async () => {
  const identities = new MemoryIdentityStore();
  await identities.resolve({
    project: 1,
    batchId: 'b',
    redelivered: false,
    identifiers: ['known', '$device:x'],
    links: [{ form: 'identify', position: 0, alias: '$device:x', user: 'known' }],
  });
  const resolver = new ImportUserResolver(importIdentities(identities), 1);
  const file = usersOf(['new', '$device:x', 'known']);
  const senders = Uint32Array.of(0, 1, 2);
  await resolver.resolve(file, senders);
  const own = resolver.usersOf(file, senders, new ShardUsers());
  const [first, device, known] = own.ordinals;
  expect(first).toBe(1);
  expect(device).toBe(known);
  const sent = Array.from(own.sentIds.subarray(0, 3), (code) => own.sentIdTexts[code]);
  expect(sent).toEqual(['', '$device:x', '']);
});

it('asks for each id once, in order, and for none that no event was sent with', async () => {
  const asked: string[][] = [];
  const resolver = new ImportUserResolver(importIdentities(new MemoryIdentityStore(), asked), 1);
  const shard = new ShardUsers();
  const file = usersOf(['d', 'unsent', 'b', 'c']);
  await resolver.resolve(file, Uint32Array.of(0, 2));
  resolver.usersOf(file, Uint32Array.of(0, 2), shard);
  await resolver.resolve(file, Uint32Array.of(0, 2, 3));
  expect(asked).toEqual([['b', 'd'], ['c']]);
  const { ordinals } = resolver.usersOf(file, Uint32Array.of(0, 2, 3), shard);
  expect([...ordinals.subarray(0, 4)]).toEqual([1, 0, 2, 3]);
  expect(shard.count).toBe(3);
});

it('places users anew in another view of the shard', async () => {
  const resolver = new ImportUserResolver(importIdentities(new MemoryIdentityStore()), 1);
  const file = usersOf(['a', 'b']);
  await resolver.resolve(file, Uint32Array.of(0, 1));
  const before = new ShardUsers();
  resolver.usersOf(file, Uint32Array.of(0, 1), before);
  const later = new ShardUsers();
  for (const id of ['live', 'b']) later.ordinal(id);
  const { ordinals } = resolver.usersOf(file, Uint32Array.of(0, 1), later);
  expect([...ordinals.subarray(0, 2)]).toEqual([3, 2]);
});

const pieceOf = (bytes: Uint8Array | null) =>
  UsersFile.open(bytes ?? new Uint8Array(0), owner).piece();

it('continues the ordinals of the catalog, and names users that have their first event', () => {
  const before = new ShardUsers();
  for (const id of ['a', 'b']) before.ordinal(id);
  const newUsers = before.takeNewUsers(owner);
  expect(pieceOf(newUsers)).toMatchObject({ first: 1, ids: ['a', 'b'], withoutEvents: [1, 2] });
  expect(before.takeNewUsers(owner)).toBeNull();

  const users = new ShardUsers();
  users.load(UsersFile.open(newUsers ?? new Uint8Array(0), owner));
  expect([users.ordinal('b'), users.ordinal('c'), users.ordinal('c')]).toEqual([2, 3, 3]);
  expect(pieceOf(users.takeNewUsers(owner))).toMatchObject({
    first: 3,
    ids: ['c'],
    withoutEvents: [3],
  });
  const firstEvents = users.takeFirstEvents(owner, Uint32Array.of(3, 0, 2, 3));
  expect(pieceOf(firstEvents)).toMatchObject({ first: 4, ids: [], withFirstEvents: [2, 3] });
  // Also where the file of another process said so.
  before.load(UsersFile.open(pieceWith(['c'], [3]), owner));
  before.load(UsersFile.open(firstEvents ?? new Uint8Array(0), owner));
  expect(before.takeFirstEvents(owner, Uint32Array.of(2, 3))).toBeNull();
  expect(pieceOf(before.takeFirstEvents(owner, Uint32Array.of(1, 2, 3)))).toMatchObject({
    withFirstEvents: [1],
  });
});

it('finds no user who was erased, and tells whose ordinal it was', () => {
  const users = new ShardUsers();
  const ids = ['a', '', '', 'b'];
  const file = encodeUsersFile({
    ...owner,
    first: 1,
    ids,
    links: [],
    withoutEvents: [],
    withFirstEvents: [],
    edition: 1,
  });
  users.load(UsersFile.open(file, owner));
  expect([users.ordinal('b'), users.ordinal(''), users.ordinal('erased')]).toEqual([4, 0, 5]);
  expect([0, 1, 2, 3, 4, 5].map((ordinal) => users.isErased(ordinal))).toEqual([
    false,
    false,
    true,
    true,
    false,
    false,
  ]);
});

const pieceWith = (ids: readonly string[], withoutEvents: readonly number[]): Uint8Array =>
  encodeUsersFile({ ...owner, first: 3, ids, links: [], withoutEvents, withFirstEvents: [] });
