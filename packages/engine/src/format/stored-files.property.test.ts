import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns, propertySeed } from '../../test/model/property-runs.ts';
import { EngineError } from '../base/errors.ts';
import { Slices } from '../base/slices.ts';
import { PeopleLayer } from '../store/people/people-layer.ts';
import { keptProfiles, peoplePiece } from '../store/people/people-piece.ts';
import type { Profile } from '../store/people/profile.ts';
import {
  coveredLedgerVersion,
  coveredMagic,
  peopleKeptVersion,
  peopleMagic,
  usersEditionVersion,
  usersMagic,
} from './constants.ts';
import {
  coveredKeptMs,
  decodeCoveredFile,
  digestBytes,
  encodeCoveredFile,
  mergeCoveredFiles,
} from './covered-file.ts';
import { ledgerOf } from './covered-ledger.ts';
import { type KeptProperty, readKeptProfile } from './kept-profile.ts';
import { decodePeopleFile, encodePeopleFile, mergePeopleFiles } from './people-file.ts';
import { encodeSections, SectionedFile } from './sectioned-file.ts';
import { encodeUsersFile, mergeUsersFiles, UsersFile, type UsersPiece } from './users-file.ts';

const owner = { project: 3, shard: 1 };
const options = { numRuns: propertyRuns, seed: propertySeed };
const id = fc.string({ unit: 'binary', maxLength: 12 });

const users: fc.Arbitrary<UsersPiece> = fc
  .record({ first: fc.integer({ min: 1, max: 300 }), ids: fc.array(id, { maxLength: 20 }) })
  .chain(({ first, ids }) => {
    const last = first + ids.length - 1;
    const known = fc.integer({ min: 1, max: Math.max(1, last) });
    const ascending = (from: number, to: number): fc.Arbitrary<number[]> =>
      from > to
        ? fc.constant([])
        : fc
            .uniqueArray(fc.integer({ min: from, max: to }), { maxLength: 5 })
            .map((list) => list.sort((a, b) => a - b));
    return fc.record({
      project: fc.constant(owner.project),
      shard: fc.constant(owner.shard),
      first: fc.constant(first),
      ids: fc.constant(ids),
      links: last < 1 ? fc.constant([]) : fc.array(fc.record({ loser: known, winner: known })),
      withoutEvents: ascending(first, last),
      withFirstEvents: ascending(1, first - 1),
    });
  })
  .chain((piece) =>
    fc.integer({ min: 0, max: 3 }).map((edition) => (edition > 0 ? { ...piece, edition } : piece)),
  );

const value = fc.oneof(
  fc
    .jsonValue({ maxDepth: 3 })
    .filter((one) => !JSON.stringify(one).includes('__proto__'))
    // 0 and -0 are one number to the dictionaries of profiles; JSON writes both as 0.
    .map((one) => JSON.parse(JSON.stringify(one)) as unknown),
  fc.constantFrom(
    '2024-03-04T05:06:07',
    '2024-02-30T00:00:00',
    '9999-12-31T23:59:59',
    2 ** 53,
    0.1,
  ),
);
const profile = fc.option(fc.dictionary(fc.constantFrom('p', 'q', 'é', '$last_seen'), value), {
  nil: undefined,
});
type Profiles = Map<number, Profile | undefined>;
const profiles: fc.Arbitrary<Profiles> = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 40 }), profile), { maxLength: 12 })
  .map((list) => {
    return new Map(
      list.map(([ordinal, one]) => [ordinal, one && new Map(Object.entries(one))] as const),
    ) as Profiles;
  });

type Kept = Map<number, KeptProperty[]>;
const kept: fc.Arbitrary<Kept> = fc
  .array(
    fc.tuple(
      fc.integer({ min: 1, max: 40 }),
      fc.array(
        fc.record({
          name: fc.constantFrom('p', 'é'),
          value,
          wasTaken: fc.boolean(),
        }) as fc.Arbitrary<KeptProperty>,
        { maxLength: 3 },
      ),
    ),
    { maxLength: 4 },
  )
  .map((list) => new Map(list));

const encodePeople = async (list: Profiles, own: Kept = new Map()): Promise<Uint8Array> => {
  const piece = await peoplePiece(owner, list, new Slices(() => 0));
  return encodePeopleFile({ ...piece, kept: keptProfiles(own) });
};

/** What the file keeps of those who were merged into others, in order. */
const readKept = (bytes: Uint8Array): [number, KeptProperty[]][] =>
  (decodePeopleFile(bytes, owner).kept ?? []).map((one) => [
    one.ordinal,
    readKeptProfile(one.bytes),
  ]);
const keptList = (own: Kept): [number, KeptProperty[]][] => [...own].sort(([a], [b]) => a - b);

/** What the file says of each user, in order. */
function readPeople(bytes: Uint8Array): [number, unknown][] {
  const piece = decodePeopleFile(bytes, owner);
  const layer = new PeopleLayer(piece);
  return Array.from(piece.ordinals, (ordinal, record) => [ordinal, plain(layer.profile(record))]);
}

function plain(one: Profile | undefined): unknown {
  return one && Object.fromEntries([...one].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function plainList(list: Profiles): [number, unknown][] {
  return Array.from(list, ([ordinal, one]): [number, unknown] => [ordinal, plain(one)]).sort(
    ([a], [b]) => a - b,
  );
}

const digests = fc
  .uint8Array({ maxLength: 5 * digestBytes })
  .map((bytes) => Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % digestBytes))));
const covered = fc.array(
  fc.record({
    shard: fc.constant(owner.shard),
    coveredAt: fc.integer({ min: 0, max: 3 }).map((week) => week * coveredKeptMs),
    batches: digests,
    updates: digests,
  }),
  { maxLength: 4 },
);

/** Few sequences, so that some are equal; each batch once. */
const ledger = fc.uniqueArray(
  fc.record({
    sequence: fc.oneof(fc.integer({ min: -2, max: 2 }), fc.maxSafeInteger()),
    mark: fc.uint8Array({ minLength: 8, maxLength: 8, max: 1 }),
  }),
  { maxLength: 12, selector: (batch) => JSON.stringify(batch) },
);

describe('users files', () => {
  it('hold the piece they were made of', () => {
    fc.assert(
      fc.property(users, (piece) => {
        expect(UsersFile.open(encodeUsersFile(piece), owner).piece()).toEqual(piece);
      }),
      options,
    );
  });

  it('merge to what they say one after the other', () => {
    fc.assert(
      fc.property(users, fc.array(id, { maxLength: 5 }), (piece, more) => {
        const first = piece.first + piece.ids.length;
        const next = {
          ...owner,
          first,
          ids: more,
          links: [],
          withoutEvents: more.length > 0 ? [first] : [],
          withFirstEvents: piece.withoutEvents.slice(0, 1),
        };
        const merged = UsersFile.open(
          mergeUsersFiles([encodeUsersFile(piece), encodeUsersFile(next)]),
        );
        // The edition of the first: those that follow only add to it.
        expect(merged.piece()).toEqual({
          ...piece,
          ids: [...piece.ids, ...more],
          withoutEvents: [...piece.withoutEvents.slice(1), ...next.withoutEvents],
        });
      }),
      options,
    );
  });
});

describe('people files', () => {
  it('keep the profiles of who was merged into others, and the last of each', async () => {
    await fc.assert(
      fc.asyncProperty(profiles, kept, kept, async (list, one, two) => {
        const files = [await encodePeople(list, one), await encodePeople(new Map(), two)];
        expect(readKept(files[0])).toEqual(keptList(one));
        expect(readPeople(files[0])).toEqual(plainList(list));
        const merged = mergePeopleFiles(files, { isWhole: true });
        expect(readKept(merged)).toEqual(keptList(new Map([...one, ...two])));
      }),
      options,
    );
  });

  it('hold the profiles they were made of', async () => {
    await fc.assert(
      fc.asyncProperty(profiles, async (list) => {
        expect(readPeople(await encodePeople(list))).toEqual(plainList(list));
      }),
      options,
    );
  });

  it('merge to what the last of them says of each user', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(profiles, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        async (lists, isWhole) => {
          const files = await Promise.all(lists.map((list) => encodePeople(list)));
          const all: Profiles = new Map(lists.flatMap((list) => [...list]));
          const expected = plainList(all).filter(([, one]) => !isWhole || one !== undefined);
          expect(readPeople(mergePeopleFiles(files, { isWhole }))).toEqual(expected);
        },
      ),
      options,
    );
  });
});

describe('covered files', () => {
  it('hold what they were made of, and merge to what need not be forgotten yet', () => {
    fc.assert(
      fc.property(covered, (pieces) => {
        const encoded = encodeCoveredFile(owner.shard, pieces);
        expect(decodeCoveredFile(encoded, owner.shard).pieces).toEqual(pieces);
        const merged = decodeCoveredFile(mergeCoveredFiles([encoded], 2 * coveredKeptMs)).pieces;
        const kept = pieces.filter(
          ({ coveredAt, batches, updates }) =>
            coveredAt >= coveredKeptMs && batches.length + updates.length > 0,
        );
        expect(merged).toEqual(kept);
      }),
      options,
    );
  });

  it('keep their ledgers whole, each batch once', () => {
    fc.assert(
      fc.property(ledger, ledger, (one, two) => {
        const files = [one, two].map((own) => encodeCoveredFile(1, [], ledgerOf(own)));
        expect(decodeCoveredFile(files[0]).ledger).toEqual(ledgerOf(one));
        const all = new Map([...one, ...two].map((batch) => [JSON.stringify(batch), batch]));
        const merged = decodeCoveredFile(mergeCoveredFiles(files, 9 * coveredKeptMs)).ledger;
        expect(merged).toEqual(ledgerOf([...all.values()]));
      }),
      options,
    );
  });

  it('forget the oldest beyond their bound', () => {
    const piece = (coveredAt: number): Parameters<typeof encodeCoveredFile>[1][number] => ({
      shard: 1,
      coveredAt,
      batches: Buffer.alloc(2 * digestBytes, coveredAt),
      updates: Buffer.alloc(0),
    });
    const files = [piece(1), piece(2)].map((one) => encodeCoveredFile(1, [one]));
    const [first, second] = decodeCoveredFile(mergeCoveredFiles(files, 5, 3)).pieces;
    expect([first.coveredAt, first.batches.length]).toStrictEqual([1, digestBytes]);
    expect([second.coveredAt, second.batches.length]).toStrictEqual([2, 2 * digestBytes]);
  });
});

/** Everything that can be read of a file. */
const readers: Readonly<Record<string, (bytes: Uint8Array) => unknown>> = {
  users: (bytes) => UsersFile.open(bytes).piece(),
  people: (bytes) => [readPeople(bytes), readKept(bytes)],
  covered: (bytes) => decodeCoveredFile(bytes),
};

const kinds = {
  users: { magic: usersMagic, what: 'users file', newestVersion: usersEditionVersion },
  people: { magic: peopleMagic, what: 'people file', newestVersion: peopleKeptVersion },
  covered: { magic: coveredMagic, what: 'covered file', newestVersion: coveredLedgerVersion },
} as const;

/** A good file of any kind. */
const anyFile = fc.oneof(
  users.map((piece) => ({ kind: 'users' as const, bytes: encodeUsersFile(piece) })),
  fc.tuple(covered, ledger).map(([pieces, own]) => {
    return { kind: 'covered' as const, bytes: encodeCoveredFile(1, pieces, ledgerOf(own)) };
  }),
  fc.tuple(profiles, kept).map(([list, own]) => {
    return { kind: 'people' as const, bytes: encodePeople(list, own) };
  }),
);

describe('damaged users, people and covered files', () => {
  /** The typed error, or what was read; anything else that is thrown fails the test. */
  const outcome = (kind: string, bytes: Uint8Array): unknown => {
    try {
      return readers[kind](bytes);
    } catch (error) {
      if (error instanceof EngineError) return error.code;
      throw error;
    }
  };
  const codes = ['CORRUPT_FILE', 'UNSUPPORTED_VERSION', 'WRONG_PROJECT', 'WRONG_SHARD'];

  it('raise a typed error wherever a byte is changed or cut off', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyFile,
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (file, at, by) => {
          const bytes = Buffer.from(await file.bytes);
          const cut = bytes.subarray(0, at % bytes.length);
          bytes[at % bytes.length] ^= by;
          expect(codes).toContain(outcome(file.kind, bytes));
          expect(codes).toContain(outcome(file.kind, cut));
        },
      ),
      options,
    );
  });

  it('raise a typed error or are read, when the checksums fit whatever the sections say', async () => {
    await fc.assert(
      fc.asyncProperty(anyFile, fc.nat(), fc.nat(), fc.nat(255), async (file, section, at, to) => {
        const good = SectionedFile.open(kinds[file.kind], await file.bytes);
        const sections = Array.from({ length: good.sectionCount }, (_, i) =>
          Buffer.from(good.section(i).bytes),
        );
        const changed = sections[section % sections.length];
        if (changed.length > 0) changed[at % changed.length] = to;
        const bytes = encodeSections(kinds[file.kind], good.owner, sections, good.version);
        expect(() => outcome(file.kind, bytes)).not.toThrow();
      }),
      { ...options, numRuns: propertyRuns * 3 },
    );
  });

  it('of others are refused', () => {
    const piece = {
      ...owner,
      first: 1,
      ids: [],
      links: [],
      withoutEvents: [],
      withFirstEvents: [],
    };
    const bytes = encodeUsersFile(piece);
    expect(() => UsersFile.open(bytes, { project: 4, shard: 1 })).toThrow(
      'users file: belongs to project 3, not to 4',
    );
    expect(() => UsersFile.open(bytes, { project: 3, shard: 0 })).toThrow(
      'users file: belongs to shard 1, not to 0',
    );
    const newer = Buffer.from(bytes);
    newer[4] = 9;
    expect(() => UsersFile.open(newer)).toThrow(
      'users file: version 9 is not 1 to 2, which this build reads: upgrade it',
    );
  });
});
