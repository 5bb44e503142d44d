import { assert } from '../../base/assert.ts';
import { encodeUsersFile, mergedUsersPiece, type UsersPiece } from '../../format/users-file.ts';
import { planUsers, type UsersPlan, type UsersTask } from './plan-users.ts';
import { placeIn } from './row-change.ts';

/** What a task does to rows and profiles, and whom it leaves alone. */
export type UsersChange = Pick<UsersPlan, 'change' | 'splits' | 'staying'>;

/** Null = nobody that the task is about is known in the shard. `files`: all users files of the project, in order. */
export function changeOf(files: readonly Uint8Array[], task: UsersTask): UsersChange | null {
  const plan = planUsers(wholePiece(files), task);
  return plan && { change: plan.change, splits: plan.splits, staying: plan.staying };
}

/**
 * The users file that takes the place of all others once a task is done; `withRows`: users of the change that have
 * rows afterwards, ascending. Who is erased and has rows that came later keeps his id, for they name him. Throws what
 * reading users files throws.
 */
export function rewriteUsers(
  files: readonly Uint8Array[],
  task: UsersTask,
  withRows: Uint32Array,
): Uint8Array {
  const piece = wholePiece(files);
  const plan = planUsers(piece, task);
  assert(plan !== null, () => `a task of type ${task.type} is about nobody`);
  const { change, erased, links } = plan;
  return nextEdition(piece, {
    ids: withoutIds(plan, erased, withRows),
    links,
    withoutEvents: withoutEvents(piece, change.users, withRows),
  });
}

/** The same after segments left the set: `candidates` had rows in them, `withRows` have rows in others. Both ascend. */
export function forgetEvents(
  files: readonly Uint8Array[],
  candidates: Uint32Array,
  withRows: Uint32Array,
): Uint8Array {
  const piece = wholePiece(files);
  return nextEdition(piece, { withoutEvents: withoutEvents(piece, candidates, withRows) });
}

function wholePiece(files: readonly Uint8Array[]): UsersPiece {
  if (files.length === 0) return { ...nobody };
  const piece = mergedUsersPiece(files);
  assert(piece.first === 1, () => `the users files begin with ordinal ${piece.first}, not with 1`);
  return piece;
}

const nobody: UsersPiece = {
  project: 0,
  shard: 0,
  first: 1,
  ids: [],
  links: [],
  withoutEvents: [],
  withFirstEvents: [],
};

function nextEdition(piece: UsersPiece, change: Partial<UsersPiece>): Uint8Array {
  const edition = (piece.edition ?? 0) + 1;
  return encodeUsersFile({ ...piece, ...change, withFirstEvents: [], edition });
}

function withoutIds(
  { ids }: UsersPlan,
  erased: Uint32Array,
  withRows: Uint32Array,
): readonly string[] {
  const left = [...ids];
  for (const ordinal of erased) if (placeIn(withRows, ordinal) < 0) left[ordinal - 1] = '';
  return left;
}

/** Of the candidates those without rows; of all others what was known. */
function withoutEvents(
  piece: UsersPiece,
  candidates: Uint32Array,
  withRows: Uint32Array,
): number[] {
  const others = piece.withoutEvents.filter((ordinal) => placeIn(candidates, ordinal) < 0);
  const own = [...candidates].filter((ordinal) => placeIn(withRows, ordinal) < 0);
  return [...others, ...own].sort((one, other) => one - other);
}
