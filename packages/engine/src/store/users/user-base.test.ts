import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns, propertySeed } from '../../../test/model/property-runs.ts';
import { Slices } from '../../base/slices.ts';
import { encodeUsersFile, mergeUsersFiles, UsersFile } from '../../format/users-file.ts';
import { SharedIds } from './shared-ids.ts';
import { UserBase } from './user-base.ts';
import { UserDictionary } from './user-dictionary.ts';

const slices = new Slices(() => 0);
const piece = (first: number, ids: readonly string[], withoutEvents: number[] = []): UsersFile =>
  UsersFile.open(
    encodeUsersFile({
      project: 1,
      shard: 0,
      first,
      ids,
      links: [],
      withoutEvents,
      withFirstEvents: [],
    }),
  );
const find = (base: UserBase, id: string, limit = base.count): number => {
  const bytes = Buffer.from(id);
  return base.find(bytes, 0, bytes.length, limit);
};

describe('user base', () => {
  it('knows every id of its files by ordinal, however many there are', async () => {
    const base = new UserBase();
    const ids = Array.from({ length: 5000 }, (_, i) => `user ${i} Zoë`);
    await base.take('a', piece(1, ids.slice(0, 100)), slices);
    await base.take('b', piece(101, ids.slice(100)), slices);
    expect(base.count).toBe(5000);
    expect(ids.map((id) => find(base, id))).toStrictEqual(ids.map((_, i) => i + 1));
    expect(find(base, 'user 5000 Zoë')).toBe(0);
    expect(find(base, 'user 200 Zoë', 200)).toBe(0);
    expect(base.ids.text(200)).toBe('user 199 Zoë');
  });

  it('takes a file that repeats what it knows, and refuses one that contradicts or leaves a gap', async () => {
    const base = new UserBase();
    await base.take('a', piece(1, ['x', 'y']), slices);
    await base.take('merged', piece(1, ['x', 'y', 'z'], [3]), slices);
    expect([base.count, base.hasEvents(2), base.hasEvents(3)]).toStrictEqual([3, true, false]);
    const text = 'do not continue the 3 known users';
    await expect(base.take('b', piece(2, ['other']), slices)).rejects.toThrow(text);
    await expect(base.take('c', piece(5, ['w']), slices)).rejects.toThrow(text);
    await expect(base.take('d', piece(4, ['x']), slices)).rejects.toThrow(text);
  });
});

describe('user base of users who were erased', () => {
  it('finds nobody under an empty id, however often it occurs, and gives the ordinals to no one', async () => {
    const base = new UserBase(1);
    const ids = Array.from({ length: 300 }, (_, i) => (i % 3 === 0 ? '' : `user ${i}`));
    await base.take('a', piece(1, ids, [1, 4]), slices);
    await base.take('b', piece(301, ['later']), slices);
    expect(find(base, '')).toBe(0);
    expect(ids.map((id) => find(base, id))).toStrictEqual(
      ids.map((id, i) => (id === '' ? 0 : i + 1)),
    );
    expect([find(base, 'later'), base.ids.text(1), base.hasEvents(4)]).toStrictEqual([
      301,
      '',
      false,
    ]);
    const users = new UserDictionary(base);
    expect([users.ordinal(''), users.ordinal('user 3')]).toStrictEqual([0, 302]);
  });
});

describe('user base that takes merged pieces', () => {
  it('has each link once when the pieces that said it give way to one file', async () => {
    const owner = { project: 1, shard: 0, withoutEvents: [], withFirstEvents: [] };
    const files = [
      { ...owner, first: 1, ids: ['x', 'y'], links: [{ loser: 1, winner: 2 }] },
      { ...owner, first: 3, ids: ['z'], links: [{ loser: 2, winner: 3 }] },
    ].map(encodeUsersFile);
    const base = new UserBase();
    for (const [i, bytes] of files.entries())
      await base.take(`${i}`, UsersFile.open(bytes), slices);
    const before = base.linksOf(['0', '1']);
    await base.take('merged', UsersFile.open(mergeUsersFiles(files)), slices);
    expect(base.linksOf(['merged'])).toStrictEqual(before);
    expect(before).toStrictEqual([
      { loser: 1, winner: 2 },
      { loser: 2, winner: 3 },
    ]);
  });

  it('knows of the events of users that it took without any, whichever pieces it skipped', async () => {
    const owner = { project: 1, shard: 0, links: [] };
    const files = [
      { ...owner, first: 1, ids: ['x', 'y'], withoutEvents: [1, 2], withFirstEvents: [] },
      { ...owner, first: 3, ids: ['z'], withoutEvents: [3], withFirstEvents: [1] },
    ].map(encodeUsersFile);
    const base = new UserBase();
    await base.take('a', UsersFile.open(files[0]), slices);
    await base.take('merged', UsersFile.open(mergeUsersFiles(files)), slices);
    expect([1, 2, 3].map((user) => base.hasEvents(user))).toStrictEqual([true, false, false]);
  });
});

describe('user dictionary', () => {
  it('gives new users ordinals behind the base, which may grow meanwhile', async () => {
    const base = new UserBase();
    await base.take('a', piece(1, ['x']), slices);
    const dictionary = new UserDictionary(base);
    expect(['', 'x', 'p', 'q', 'p'].map((id) => dictionary.ordinal(id))).toStrictEqual([
      0, 1, 2, 3, 2,
    ]);
    await base.take('b', piece(2, ['q', 'r', 'p']), slices);
    expect(['q', 'r', 'p'].map((id) => dictionary.ordinal(id))).toStrictEqual([3, 4, 2]);
    expect([1, 2, 3, 4].map((ordinal) => dictionary.id(ordinal))).toStrictEqual([
      'x',
      'p',
      'q',
      'r',
    ]);
    const next = new UserDictionary(base);
    expect(['p', 's'].map((id) => next.ordinal(id))).toStrictEqual([4, 5]);
    expect(dictionary.id(4)).toBe('r');
  });
});

describe('shared ids', () => {
  it('keep what each holder added, whoever adds what to the same buffer', () => {
    const id = fc.constantFrom('a', 'b', 'ccc', 'a long one', '');
    const step = fc.tuple(fc.nat(2), id);
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
        const start = new SharedIds(8, 4);
        const holders = [0, 1, 2].map(() => ({ ids: start, texts: [''] }));
        for (const [h, text] of steps) {
          const bytes = Buffer.from(text);
          const holder = holders[h];
          holder.ids = holder.ids.with(holder.texts.length, bytes, 0, bytes.length);
          holder.texts.push(text);
        }
        for (const { ids, texts } of holders) {
          expect(texts.map((_, ordinal) => ids.text(ordinal))).toStrictEqual(texts);
        }
      }),
      { numRuns: propertyRuns, seed: propertySeed },
    );
  });
});
