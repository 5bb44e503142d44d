import { assert } from '../../base/assert.ts';
import { atOnce } from '../../base/slices.ts';
import { type KeptProperty, readKeptProfile } from '../../format/kept-profile.ts';
import {
  decodePeopleFile,
  encodePeopleFile,
  mergePeoplePieces,
  type PeoplePiece,
} from '../../format/people-file.ts';
import { canonicalText } from '../property-dictionary.ts';
import { PeopleLayer } from '../people/people-layer.ts';
import { peoplePieceSteps } from '../people/people-piece.ts';
import type { Profile } from '../people/profile.ts';
import type { ProfileSplit } from './plan-users.ts';
import type { MoveRows, RowChange } from './row-change.ts';

export interface PeopleRewrite {
  /** The people file that takes the place of all others; null = they stay. */
  readonly bytes: Uint8Array | null;
  /** Profiles that left, or were given back. */
  readonly profiles: number;
  /** Properties of these. */
  readonly properties: number;
}

const unchanged: PeopleRewrite = { bytes: null, profiles: 0, properties: 0 };

/** What a task does to profiles. `files`: all people files, in order. Throws what reading them throws. */
export function rewritePeople(
  files: readonly Uint8Array[],
  change: RowChange,
  split: ProfileSplit | null,
): PeopleRewrite {
  if (files.length === 0) return unchanged;
  const pieces = files.map((bytes) => decodePeopleFile(bytes));
  const before = mergePeoplePieces(pieces, { isWhole: true });
  if (change.type === 'drop') return dropPeople(pieces, before, change.users);
  assert(split !== null, () => 'a user is divided, but not his profile');
  return splitPeople(before, change, split);
}

/** A file does not say when a profile came to be what it is: it goes whole, whatever was set since the task was asked for. */
function dropPeople(
  pieces: readonly PeoplePiece[],
  before: PeoplePiece,
  users: Uint32Array,
): PeopleRewrite {
  const leftOut = new Set(users);
  const isNamed =
    pieces.some(({ ordinals }) => ordinals.some((ordinal) => leftOut.has(ordinal))) ||
    pieces.some(({ kept = [] }) => kept.some(({ ordinal }) => leftOut.has(ordinal)));
  if (!isNamed) return unchanged;
  let profiles = 0;
  let properties = 0;
  before.ordinals.forEach((ordinal, record) => {
    if (!leftOut.has(ordinal)) return;
    profiles++;
    for (const { codes } of before.columns) if (codes[record] !== 0) properties++;
  });
  const after = mergePeoplePieces([before], { isWhole: true, leftOut });
  return { bytes: encodePeopleFile(after), profiles, properties };
}

/**
 * The part that splits off gets back what it had when it was merged; the part that stays loses what it took over then
 * and has not changed since. Where nothing was kept (whoever was merged had no profile, or it was before Arbor kept any),
 * the part that splits off has no profile, and the other keeps all.
 */
function splitPeople(before: PeoplePiece, change: MoveRows, split: ProfileSplit): PeopleRewrite {
  const kept = split.givenBack.flatMap((ordinal) => {
    const own = before.kept?.find((one) => one.ordinal === ordinal);
    return own === undefined ? [] : [readKeptProfile(own.bytes)];
  });
  if (kept.length === 0 && split.from === change.stays) return unchanged;
  const layer = new PeopleLayer(before);
  const profileOf = (ordinal: number): Profile | undefined => {
    const record = layer.recordOf(ordinal);
    return record < 0 ? undefined : layer.profile(record);
  };
  const own = split.from === change.leaves ? undefined : profileOf(change.leaves);
  const given = givenBack(own, kept);
  const profiles = new Map<number, Profile | undefined>([[split.from, undefined]]);
  profiles.set(change.leaves, given);
  profiles.set(change.stays, withoutTaken(profileOf(split.from), kept.flat()));
  const piece = atOnce(peoplePieceSteps(before, profiles));
  const isGivenBack = (ordinal: number): boolean => split.givenBack.includes(ordinal);
  const left = before.kept?.filter(({ ordinal }) => !isGivenBack(ordinal)) ?? [];
  const after = mergePeoplePieces([{ ...before, kept: left }, piece], { isWhole: true });
  return {
    bytes: encodePeopleFile(after),
    profiles: kept.length > 0 ? 1 : 0,
    properties: kept.length > 0 ? (given?.size ?? 0) : 0,
  };
}

/** What a user has wins; of what was kept, that of the first. */
function givenBack(
  own: Profile | undefined,
  kept: readonly (readonly KeptProperty[])[],
): Profile | undefined {
  if (kept.length === 0) return own;
  const profile = new Map(own);
  for (const { name, value } of kept.flat()) if (!profile.has(name)) profile.set(name, value);
  return profile;
}

/** Undefined where nothing is left that the user had or got by himself. */
function withoutTaken(
  profile: Profile | undefined,
  kept: readonly KeptProperty[],
): Profile | undefined {
  const taken = kept.filter(({ wasTaken }) => wasTaken);
  if (profile === undefined || taken.length === 0) return profile;
  const left = new Map(profile);
  for (const { name, value } of taken) {
    const now = left.get(name);
    if (now !== undefined && canonicalText(now) === canonicalText(value)) left.delete(name);
  }
  return left.size === 0 ? undefined : left;
}
