import { assert } from '../../base/assert.ts';
import { canonicalText } from '../../base/canonical-text.ts';
import { atOnce } from '../../base/slices.ts';
import { type KeptProperty, readKeptProfile } from '../../format/kept-profile.ts';
import {
  decodePeopleFile,
  encodePeopleFile,
  mergePeoplePieces,
  type PeoplePiece,
} from '../../format/people-file.ts';
import { PeopleLayer } from '../people/people-layer.ts';
import { peoplePieceSteps } from '../people/people-piece.ts';
import type { Profile } from '../people/profile.ts';
import type { ProfileSplit } from './plan-users.ts';
import type { RowChange } from './row-change.ts';

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
  splits: readonly ProfileSplit[],
): PeopleRewrite {
  if (files.length === 0) return unchanged;
  const pieces = files.map((bytes) => decodePeopleFile(bytes));
  const before = mergePeoplePieces(pieces, { isWhole: true });
  if (change.type === 'drop') return dropPeople(pieces, before, change.users);
  assert(splits.length > 0, () => 'a user is divided, but not his profile');
  return splitPeople(before, splits);
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
 * A part that splits off gets back what it had when it was merged; the part that stays loses what it took over then
 * and has not changed since. Where nothing was kept (whoever was merged had no profile, or it was before Arbor kept any),
 * the part that splits off has no profile, and the other keeps all.
 */
function splitPeople(before: PeoplePiece, splits: readonly ProfileSplit[]): PeopleRewrite {
  const divided = splits.map(({ from, stays, parts }) => ({
    from,
    stays,
    parts: parts.map(({ to, givenBack }) => ({ to, kept: keptOf(before, givenBack) })),
  }));
  const given = divided.flatMap(({ parts }) => parts.filter(({ kept }) => kept.length > 0));
  if (given.length === 0 && divided.every(({ from, stays }) => from === stays)) return unchanged;
  const layer = new PeopleLayer(before);
  const profileOf = (ordinal: number): Profile | undefined => {
    const record = layer.recordOf(ordinal);
    return record < 0 ? undefined : layer.profile(record);
  };
  const profiles = new Map<number, Profile | undefined>();
  for (const { from } of divided) profiles.set(from, undefined);
  const add = (ordinal: number, more: Profile | undefined): void => {
    const own = profiles.has(ordinal) ? profiles.get(ordinal) : profileOf(ordinal);
    profiles.set(ordinal, own && more ? new Map([...more, ...own]) : (own ?? more));
  };
  for (const { from, stays, parts } of divided) {
    for (const { to, kept } of parts) for (const one of kept) add(to, profileOfKept(one));
    add(stays, withoutTaken(profileOf(from), parts.flatMap(({ kept }) => kept).flat()));
  }
  const piece = atOnce(peoplePieceSteps(before, profiles));
  const isGivenBack = new Set(
    splits.flatMap(({ parts }) => parts.flatMap(({ givenBack }) => givenBack)),
  );
  const left = before.kept?.filter(({ ordinal }) => !isGivenBack.has(ordinal)) ?? [];
  const after = mergePeoplePieces([{ ...before, kept: left }, piece], { isWhole: true });
  const owners = [...new Set(given.map(({ to }) => to))];
  return {
    bytes: encodePeopleFile(after),
    profiles: owners.length,
    properties: owners.reduce((sum, owner) => sum + (profiles.get(owner)?.size ?? 0), 0),
  };
}

function keptOf(before: PeoplePiece, ordinals: readonly number[]): KeptProperty[][] {
  return ordinals.flatMap((ordinal) => {
    const own = before.kept?.find((one) => one.ordinal === ordinal);
    return own === undefined ? [] : [readKeptProfile(own.bytes)];
  });
}

const profileOfKept = (kept: readonly KeptProperty[]): Profile =>
  new Map(kept.map(({ name, value }) => [name, value]));

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
