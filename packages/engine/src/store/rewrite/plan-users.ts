import type { ShardTask } from '@arbor/schema/shard-task';
import type { OrdinalLink, UsersPiece } from '../../format/users-file.ts';
import { BaseLinks } from '../users/base-links.ts';
import { placeIn, type RowChange } from './row-change.ts';

/** A task that is about users. */
export type UsersTask = Exclude<ShardTask, { type: 'expire' }>;

/** What a task does to the users of a project in a shard: `piece` is the whole dictionary before it. */
export interface UsersPlan {
  readonly change: RowChange;
  /** Users who are divided, the one that the task names first. */
  readonly splits: readonly ProfileSplit[];
  /** The dictionary afterwards, but for who has events. */
  readonly ids: readonly string[];
  readonly links: readonly OrdinalLink[];
  /** Ordinals whose ids go when nothing is left of them, ascending. */
  readonly erased: Uint32Array;
  /** Those that the task names to be taken out who stay where they are; see `planTakeOut`. */
  readonly staying: readonly string[];
}

/** What becomes of the profile of a user who is divided: ordinals. */
export interface ProfileSplit {
  /** Who had it. */
  readonly from: number;
  /** Who has it afterwards, but for what is given back. */
  readonly stays: number;
  /** The other parts, each with those whose kept profiles it gets back: that of the first before others'. */
  readonly parts: readonly { readonly to: number; readonly givenBack: readonly number[] }[];
}

/** Null = nobody that the task is about is known here. */
export function planUsers(piece: UsersPiece, task: UsersTask): UsersPlan | null {
  switch (task.type) {
    case 'erase':
      return planErase(piece, new Groups(piece, [...task.users, ...task.identifiers]), task);
    case 'take_out':
      return planTakeOut(piece, new Groups(piece, task.users), task);
    case 'split':
      return planSplit(piece, new Groups(piece, namesOf(task)), task);
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
    splits: [],
    ids,
    links: links.filter(({ loser, winner }) => isLeft(loser) && isLeft(winner)),
    erased,
    staying: [],
  };
}

/**
 * Whoever is named goes, where the task names everybody who counts as one user with him. Where somebody else does, he was
 * joined to them after the task was asked for: what is his may not be in the other shard yet, and of the profile that
 * they share nothing tells whose it was. Those all stay, and are to be taken out together later.
 */
function planTakeOut(
  { ids, links }: UsersPiece,
  groups: Groups,
  { users, until }: Task<'take_out'>,
): UsersPlan | null {
  const named = new Set(groups.ordinals(users));
  if (named.size === 0) return null;
  const isWhole = (ordinal: number): boolean =>
    groups.links.members(groups.links.representative(ordinal)).every((other) => named.has(other));
  const leaving = ascending([...named].filter(isWhole));
  const staying = [...named].filter((ordinal) => placeIn(leaving, ordinal) < 0);
  return {
    change: { type: 'drop', users: leaving, until },
    splits: [],
    ids,
    links,
    erased: new Uint32Array(0),
    staying: staying.map((ordinal) => ids[ordinal - 1]),
  };
}

/**
 * Of everybody who counted as the user, those whose ids are among the identifiers count as `to` from now on, and those
 * who stay as the user. Words that came late may have joined either to others: they leave those likewise, and who was
 * joined through them alone is parted, too. Links of all others among themselves stay as they are.
 */
function planSplit(
  { ids, links }: UsersPiece,
  groups: Groups,
  { user, identifiers, to, staying, among }: Task<'split'>,
): UsersPlan | null {
  const named = groups.ordinal(user);
  if (named === 0) return null;
  const known = groups.ordinal(to);
  const leaves = known === 0 ? ids.length + 1 : known;
  const [offNames, stayingNames] = [new Set(identifiers), new Set(staying)];
  const isOff = (ordinal: number): boolean => ordinal === leaves || offNames.has(ids[ordinal - 1]);
  const isStaying = (ordinal: number): boolean =>
    ordinal === named || stayingNames.has(ids[ordinal - 1]);
  const together = groupsToDivide(groups, { named, leaves, identifiers }, isOff);
  const divided = new Set(together.flatMap(({ members }) => members));
  const isKept = ({ loser, winner }: OrdinalLink): boolean =>
    !divided.has(loser) ||
    (!isOff(loser) && !isOff(winner) && !(isStaying(loser) && isStaying(winner)));
  const drawn = [...divided].flatMap((loser): OrdinalLink[] => {
    if (isOff(loser)) return loser === leaves ? [] : [{ loser, winner: leaves }];
    return isStaying(loser) && loser !== named ? [{ loser, winner: named }] : [];
  });
  const linksAfter = [...links.filter(isKept), ...drawn];
  const idOf = (ordinal: number): string => ids[ordinal - 1];
  const ofDivided = ({ loser }: OrdinalLink): boolean => divided.has(loser);
  const after = new BaseLinks(linksAfter.filter(ofDivided), idOf);
  const stays = after.representative(named);
  const users = ascending([
    ...divided,
    leaves,
    ...groups.ordinals([...identifiers, ...staying, ...among]),
  ]);
  return {
    change: {
      type: 'move',
      users,
      splitsOff: Uint8Array.from(users, (ordinal) => (isOff(ordinal) ? 1 : 0)),
      identifiers,
      staying,
      stays,
      leaves,
      leavesId: to,
      wasTogether: Uint8Array.from(users, (ordinal) => (divided.has(ordinal) ? 1 : 0)),
    },
    splits: together.map((group): ProfileSplit => {
      // Of the user himself the profile stays; whose it is that strangers share is in doubt.
      const isFromNamed = group.members.includes(named);
      const keeps = isOff(group.from) && isFromNamed ? stays : after.representative(group.from);
      return profileSplit(group, keeps, { links, after, idOf });
    }),
    ids: known === 0 ? [...ids, to] : ids,
    links: linksAfter,
    erased: new Uint32Array(0),
    staying: [],
  };
}

function namesOf({ user, to, identifiers, staying, among }: Task<'split'>): string[] {
  return [user, to, ...identifiers, ...staying, ...among];
}

/** Everybody who counts as one user. */
interface Together {
  readonly members: readonly number[];
  /** Who stands for them. */
  readonly from: number;
}

/** The user named with all who count as he does, and others whom identifiers that leave count as, or stand for. */
function groupsToDivide(
  groups: Groups,
  { named, leaves, identifiers }: { named: number; leaves: number; identifiers: readonly string[] },
  isOff: (ordinal: number) => boolean,
): Together[] {
  const { links } = groups;
  const others = groups.ordinals(identifiers).map((ordinal) => links.representative(ordinal));
  const [own, ...rest] = new Set([links.representative(named), ...others]);
  const together = (from: number): Together => ({ members: links.members(from), from });
  // Somebody alone was never joined here, or has left before.
  const isDivided = ({ members, from }: Together): boolean =>
    members.length > 1 && !(from === leaves && members.every(isOff));
  return [together(own), ...rest.map(together).filter(isDivided)];
}

/** What becomes of the profile that a group had: who keeps it, and who gets back what was kept of him. */
function profileSplit(
  { members, from }: Together,
  stays: number,
  {
    links,
    after,
    idOf,
  }: {
    readonly links: readonly OrdinalLink[];
    readonly after: BaseLinks;
    readonly idOf: (ordinal: number) => string;
  },
): ProfileSplit {
  const parts = new Map<number, number[]>();
  for (const member of members) {
    const to = after.representative(member);
    const part = parts.get(to);
    if (part === undefined) parts.set(to, [member]);
    else part.push(member);
  }
  parts.delete(stays);
  return {
    from,
    stays,
    parts: Array.from(parts, ([to, part]) => {
      const own = new Set(part);
      const within = links.filter(({ loser, winner }) => own.has(loser) && own.has(winner));
      return { to, givenBack: heldBefore(part, to, new BaseLinks(within, idOf)) };
    }),
  };
}

/** Of a part who had the profiles of whom before they were merged with others. */
function heldBefore(part: readonly number[], to: number, within: BaseLinks): number[] {
  const holders = new Set(part.map((ordinal) => within.representative(ordinal)));
  return [...holders].sort((one, other) => (one === to ? -1 : other === to ? 1 : one - other));
}

function ascending(ordinals: readonly number[]): Uint32Array {
  return Uint32Array.from(new Set(ordinals)).sort();
}
