import { describe, expect, it } from 'vitest';
import type { PropertyValue } from '@arbor/schema/property-value';
import { atOnce } from '../../base/slices.ts';
import type { KeptProperty } from '../../format/kept-profile.ts';
import { decodePeopleFile, encodePeopleFile, mergePeopleFiles } from '../../format/people-file.ts';
import { PeopleLayer } from '../people/people-layer.ts';
import { keptProfiles, peoplePieceSteps } from '../people/people-piece.ts';
import type { ProfileSplit } from './plan-users.ts';
import { rewritePeople } from './rewrite-people.ts';
import type { DropRows, MoveRows } from './row-change.ts';

type Values = { readonly [name: string]: PropertyValue };

/** A people file of profiles by ordinal (null = none any more), and of what is kept. */
function people(
  profiles: readonly (readonly [number, Values | null])[],
  kept: readonly (readonly [number, readonly KeptProperty[]])[] = [],
): Uint8Array {
  const maps = profiles.map(([ordinal, values]) => {
    return [ordinal, values === null ? undefined : new Map(Object.entries(values))] as const;
  });
  const piece = atOnce(peoplePieceSteps({ project: 1, shard: 0 }, maps));
  return encodePeopleFile({ ...piece, kept: keptProfiles(new Map(kept)) });
}

/** What a file says: profiles, and of whom something is kept. */
function said(bytes: Uint8Array | null): unknown {
  if (bytes === null) return null;
  const piece = decodePeopleFile(bytes);
  const layer = new PeopleLayer(piece);
  const profiles = Array.from(piece.ordinals, (ordinal, record) => {
    const profile = layer.profile(record);
    return [ordinal, profile ? Object.fromEntries(profile) : null];
  });
  return { profiles, kept: (piece.kept ?? []).map(({ ordinal }) => ordinal) };
}

const drop = (...users: number[]): DropRows => {
  return { type: 'drop', users: Uint32Array.from(users), until: 9 };
};
const move: MoveRows = {
  type: 'move',
  users: Uint32Array.of(1, 2),
  splitsOff: Uint8Array.of(0, 1),
  identifiers: ['two'],
  staying: ['one'],
  stays: 1,
  leaves: 2,
  leavesId: 'two',
  wasTogether: Uint8Array.of(1, 1),
};
const splits: ProfileSplit[] = [{ from: 1, stays: 1, parts: [{ to: 2, givenBack: [2] }] }];
const rome: KeptProperty = { name: 'city', value: 'Rome', wasTaken: true };

describe('profiles of users who go', () => {
  it('are counted as they were seen, and leave every file, with what is kept of them', () => {
    const files = [
      people(
        [
          [1, { a: 1 }],
          [2, { a: 2, b: 2 }],
          [3, { a: 3 }],
        ],
        [
          [2, [rome]],
          [4, [rome]],
        ],
      ),
      people([
        [2, { gone: 3 }],
        [3, null],
      ]),
    ];
    const { bytes, ...counts } = rewritePeople(files, drop(2, 3), []);
    expect(counts).toEqual({ profiles: 1, properties: 1 });
    expect(said(bytes)).toEqual({ profiles: [[1, { a: 1 }]], kept: [4] });
    expect(Buffer.from(bytes ?? []).toString('latin1')).not.toContain('gone');
    // A later merge of files brings nothing back.
    const merged = mergePeopleFiles([bytes ?? new Uint8Array(0), people([[5, { a: 5 }]])]);
    expect(said(merged)).toEqual({
      profiles: [
        [1, { a: 1 }],
        [5, { a: 5 }],
      ],
      kept: [4],
    });
  });

  it('leave the files alone where they had none', () => {
    const none = { bytes: null, profiles: 0, properties: 0 };
    expect(rewritePeople([people([[1, { a: 1 }]])], drop(2), [])).toEqual(none);
    expect(rewritePeople([], drop(2), [])).toEqual(none);
  });
});

describe('profiles of a user who is divided', () => {
  it('are given back; the other loses what it took over and has not changed', () => {
    const name: KeptProperty = { name: 'name', value: 'Bob', wasTaken: false };
    const age: KeptProperty = { name: 'age', value: 7, wasTaken: true };
    const file = people([[1, { name: 'Ann', city: 'Rome', age: 8 }]], [[2, [name, rome, age]]]);
    const { bytes, ...counts } = rewritePeople([file], move, splits);
    expect(counts).toEqual({ profiles: 1, properties: 3 });
    expect(said(bytes)).toEqual({
      profiles: [
        [1, { name: 'Ann', age: 8 }],
        [2, { name: 'Bob', city: 'Rome', age: 7 }],
      ],
      kept: [],
    });
  });

  it('leave nothing with who had none before', () => {
    const { bytes } = rewritePeople([people([[1, { city: 'Rome' }]], [[2, [rome]]])], move, splits);
    expect(said(bytes)).toEqual({ profiles: [[2, { city: 'Rome' }]], kept: [] });
  });

  it('stay where they are when nothing was kept', () => {
    const file = people([[1, { city: 'Rome' }]]);
    expect(rewritePeople([file], move, splits)).toEqual({
      bytes: null,
      profiles: 0,
      properties: 0,
    });
  });

  it('add to what the part that splits off has by itself', () => {
    const file = people(
      [
        [1, { city: 'Rome' }],
        [2, { city: 'Oslo' }],
      ],
      [[2, [rome]]],
    );
    const { bytes } = rewritePeople([file], move, splits);
    expect(said(bytes)).toEqual({ profiles: [[2, { city: 'Oslo' }]], kept: [] });
  });

  it('go to who stands for the rest, and fill in what a part has of several', () => {
    const file = people(
      [
        [1, { city: 'Rome', name: 'Ann' }],
        [4, { age: 7, city: 'Bonn' }],
      ],
      [[2, [rome]]],
    );
    const { bytes, ...counts } = rewritePeople([file], move, [
      { from: 1, stays: 3, parts: [{ to: 2, givenBack: [2] }] },
      { from: 4, stays: 2, parts: [] },
    ]);
    expect(counts).toEqual({ profiles: 1, properties: 2 });
    expect(said(bytes)).toEqual({
      profiles: [
        [2, { city: 'Rome', age: 7 }],
        [3, { name: 'Ann' }],
      ],
      kept: [],
    });
  });
});
