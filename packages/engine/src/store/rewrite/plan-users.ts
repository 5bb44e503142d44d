import type { ShardTask } from '@arbor/schema/shard-task';
import type { OrdinalLink, UsersPiece } from '../../format/users-file.ts';
import { BaseLinks } from '../users/base-links.ts';
import { placeIn, type RowChange } from './row-change.ts';

/** A task that is about users. */
export type UsersTask = Exclude<ShardTask, { type: 'expire' }>;

/** What a task does to the users of a project in a shard: `piece` is the whole dictionary before it. */
export interface UsersPlan {
  readonly change: RowChange;
  /** Null = nobody is divided. */
  readonly split: ProfileSplit | null;
  /** The dictionary afterwards, but for who has events. */
  readonly ids: readonly string[];
  readonly links: readonly OrdinalLink[];
  /** Ordinals whose ids go when nothing is left of them, ascending. */
  readonly erased: Uint32Array;
}

/** Whose profiles are part of a split: ordinals. */
export interface ProfileSplit {
  /** Who had the profile of all of them. */
  readonly from: number;
  /** What is kept of these is given back, that of the first before others'. */
  readonly givenBack: readonly number[];
}

/** Null = nobody that the task is about is known here. */
export function planUsers(piece: UsersPiece, task: UsersTask): UsersPlan | null {
  switch (task.type) {
    case 'erase':
      return planErase(piece, new Groups(piece, [...task.users, ...task.identifiers]), task);
    case 'take_out':
      return planTakeOut(piece, new Groups(piece, task.users), task);
    case 'split':
      return planSplit(piece, new Groups(piece, [task.user, task.to]), task);
  }
}

type Task<Type extends UsersTask['type']> = Extract<UsersTask, { type: Type }>;

/** Who counts as whom, and the ordinals of a few ids: there may be millions. */
class Groups {
  readonly links: BaseLinks;
  readonly #ordinals = new Map<string, number>();

  constructor({ first, ids, links }: UsersPiece, names: readonly string[]) {
    const wanted = new Set(names);
    for (let i = 0; i < ids.length; i++) {
      if (wanted.has(ids[i])) this.#ordinals.set(ids[i], first + i);
    }
    this.links = new BaseLinks(links, (ordinal) => ids[ordinal - first]);
  }

  /** 0 = unknown. */
  ordinal(id: string): number {
    return this.#ordinals.get(id) ?? 0;
  }

  ordinals(ids: readonly string[]): number[] {
    return ids.map((id) => this.ordinal(id)).filter((ordinal) => ordinal !== 0);
  }
}

/** Whoever counts as one of the users goes, and who was stored under one of their identifiers. */
function planErase(
  { ids, links }: UsersPiece,
  groups: Groups,
  { users, identifiers, until }: Task<'erase'>,
): UsersPlan | null {
  const members = groups.ordinals(users).flatMap((ordinal) => groups.links.members(ordinal));
  const erased = ascending([...members, ...groups.ordinals(identifiers)]);
  if (erased.length === 0) return null;
  const isLeft = (ordinal: number): boolean => placeIn(erased, ordinal) < 0;
  return {
    change: { type: 'drop', users: erased, until },
    split: null,
    ids,
    links: links.filter(({ loser, winner }) => isLeft(loser) && isLeft(winner)),
    erased,
  };
}

/** Only who counts as one of the users named goes: of who was merged away here, the others stay. */
function planTakeOut(
  { ids, links }: UsersPiece,
  groups: Groups,
  { users, until }: Task<'take_out'>,
): UsersPlan | null {
  const named = groups.ordinals(users);
  const leaving = ascending(
    named.flatMap((ordinal) =>
      groups.links.representative(ordinal) === ordinal ? groups.links.members(ordinal) : [ordinal],
    ),
  );
  if (leaving.length === 0) return null;
  return {
    change: { type: 'drop', users: leaving, until },
    split: null,
    ids,
    links,
    erased: new Uint32Array(0),
  };
}

/**
 * Of everybody who counted as the user, those whose ids are among the identifiers count as `to` from now on. The links
 * among all of them are drawn anew, each to its own part, so that none joins the two again.
 */
function planSplit(
  { ids, links }: UsersPiece,
  groups: Groups,
  { user, identifiers, to }: Task<'split'>,
): UsersPlan | null {
  const named = groups.ordinal(user);
  if (named === 0) return null;
  const known = groups.ordinal(to);
  const leaves = known === 0 ? ids.length + 1 : known;
  const members = groups.links.members(named);
  const users = ascending([...members, leaves]);
  const names = new Set(identifiers);
  // The user may have been merged into another since the task was asked for: then that one stands for who stays.
  const from = groups.links.representative(named);
  const stays = from === leaves || names.has(ids[from - 1]) ? named : from;
  const splitsOff = Uint8Array.from(users, (ordinal) => {
    if (ordinal === stays || ordinal === leaves) return ordinal === leaves ? 1 : 0;
    return names.has(ids[ordinal - 1]) ? 1 : 0;
  });
  // Done again, `leaves` stands alone and may be others' by now: links of theirs stay as they are.
  // What is kept of him then is for those.
  const together = new Set(members);
  const isOther = (ordinal: number): boolean => !together.has(ordinal);
  const drawn = Array.from(users, (loser, place): OrdinalLink => {
    return { loser, winner: splitsOff[place] === 1 ? leaves : stays };
  }).filter(({ loser, winner }) => loser !== winner);
  const isOff = (ordinal: number): boolean => splitsOff[placeIn(users, ordinal)] === 1;
  const isWithin = ({ loser, winner }: OrdinalLink): boolean => isOff(loser) && isOff(winner);
  return {
    change: {
      type: 'move',
      users,
      splitsOff,
      identifiers,
      stays,
      leaves,
      leavesId: to,
      wasMerged: members.includes(leaves),
    },
    split: {
      from,
      givenBack: heldBefore({ users: members.filter(isOff), leaves, ids }, links.filter(isWithin)),
    },
    ids: known === 0 ? [...ids, to] : ids,
    links: [...links.filter(({ loser, winner }) => isOther(loser) && isOther(winner)), ...drawn],
    erased: new Uint32Array(0),
  };
}

/** Of the part that leaves, who had the profiles of whom before they were merged into the part that stays. */
function heldBefore(
  {
    users,
    leaves,
    ids,
  }: {
    readonly users: readonly number[];
    readonly leaves: number;
    readonly ids: readonly string[];
  },
  links: readonly OrdinalLink[],
): number[] {
  const within = new BaseLinks(links, (ordinal) => ids[ordinal - 1]);
  const holders = new Set(users.map((ordinal) => within.representative(ordinal)));
  return [...holders].sort((one, other) =>
    one === leaves ? -1 : other === leaves ? 1 : one - other,
  );
}

function ascending(ordinals: readonly number[]): Uint32Array {
  return Uint32Array.from(new Set(ordinals)).sort();
}
