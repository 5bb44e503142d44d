import { ByteWriter } from '../../format/byte-writer.ts';
import { writeInline } from '../../format/inline-value.ts';
import { type KeptProperty, writeKeptProfile } from '../../format/kept-profile.ts';
import {
  type KeptProfile,
  narrowCodes,
  type PeopleColumn,
  type PeoplePiece,
} from '../../format/people-file.ts';
import type { FileOwner } from '../../format/sectioned-file.ts';
import { inSlices, type Slices, type Steps } from '../../base/slices.ts';
import { PropertyDictionary } from '../property-dictionary.ts';
import type { Profile } from './profile.ts';

/** What users had when they were merged into others, as people files keep it. */
export function keptProfiles(
  kept: ReadonlyMap<number, readonly KeptProperty[]>,
): readonly KeptProfile[] {
  return Array.from(kept, ([ordinal, properties]) => {
    return { ordinal, bytes: writeKeptProfile(properties) };
  }).sort((one, other) => one.ordinal - other.ordinal);
}

/** Some milliseconds of work. */
const recordsASlice = 1024;

/** Of each user the profile; undefined = there is none any more. */
export type ProfilesByUser = Iterable<readonly [ordinal: number, profile: Profile | undefined]>;

/** The piece that says of each of these users what the profile is. */
export function peoplePiece(
  owner: FileOwner,
  profiles: ProfilesByUser,
  slices: Slices,
): Promise<PeoplePiece> {
  return inSlices(peoplePieceSteps(owner, profiles), slices);
}

/** The same in steps of some milliseconds. */
export function* peoplePieceSteps(owner: FileOwner, profiles: ProfilesByUser): Steps<PeoplePiece> {
  const records = [...profiles].sort(([ordinal], [other]) => ordinal - other);
  const columns = new Map<string, ColumnBuilder>();
  for (const [record, [, profile]] of records.entries()) {
    if (record % recordsASlice === 0) yield;
    for (const [name, value] of profile ?? []) {
      let column = columns.get(name);
      if (!column) {
        column = { dictionary: new PropertyDictionary(), codes: new Uint32Array(records.length) };
        columns.set(name, column);
      }
      column.codes[record] = column.dictionary.codeOf(value);
    }
  }
  const made: PeopleColumn[] = [];
  for (const [name, column] of [...columns].sort(byName)) {
    made.push(finished(name, column));
    yield;
  }
  return {
    project: owner.project,
    shard: owner.shard,
    ordinals: Uint32Array.from(records, ([ordinal]) => ordinal),
    deleted: Uint8Array.from(records, ([, profile]) => (profile ? 0 : 1)),
    columns: made,
  };
}

interface ColumnBuilder {
  readonly dictionary: PropertyDictionary;
  readonly codes: Uint32Array;
}

function byName([name]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return name < other ? -1 : name > other ? 1 : 0;
}

function finished(name: string, { dictionary, codes }: ColumnBuilder): PeopleColumn {
  const writer = new ByteWriter();
  const ends = new Uint32Array(dictionary.values.length - 1);
  for (let i = 0; i < ends.length; i++) {
    writeInline(writer, dictionary.values[i + 1]);
    ends[i] = writer.length;
  }
  const values = { bytes: writer.written.slice(), start: 0, ends };
  return { name, codes: narrowCodes(codes, ends.length), values };
}
