import { inSlices, Slices, type Steps } from '../../base/slices.ts';
import { displayNameProperties } from '@arbor/schema/display-name';
import type { UsersPartial } from '../merge/partial.ts';
import type { UserColumn } from '@arbor/schema/query';
import type { UsersPlan } from '../plan/plan-types.ts';
import { knownUserProperty, profileProperty, type PropertyColumn } from '../exec/shard-view.ts';
import type { ProjectSnapshot } from '../scan/project-snapshot.ts';
import { listUsers } from '../users/list-users.ts';
import type { UserRows } from '../users/user-rows.ts';
import type { ActivityRequest } from './bring-activity.ts';
import type { RunContext } from './query-run.ts';
import type { UsersShelf } from './users-shelves.ts';

/**
 * The users of a snapshot one by one, in slices on the thread of whoever calls: profiles lie there as they are, and a
 * million users are sorted in the time that threads would take to be told of them. `members`: who meets each
 * condition of the plan.
 */
export async function runUserList(
  context: RunContext,
  shelf: UsersShelf,
  {
    plan,
    members,
    ...request
  }: ActivityRequest & {
    readonly plan: UsersPlan;
    readonly members: readonly PropertyColumn[];
  },
): Promise<UsersPartial> {
  const { snapshot, signal } = request;
  const totals = await shelf.totals.of(context, request, plan.hidden);
  const pausing = <Result>(steps: Steps<Result>): Promise<Result> =>
    inSlices(untilAborted(steps, signal), new Slices(() => performance.now()));
  const persons = snapshot.personSteps?.(propertiesOf(plan)) ?? null;
  if (persons !== null) await pausing(persons);
  const columns = new Map<string, PropertyColumn | undefined>();
  const rows: UserRows = {
    ids: snapshot.users,
    totals,
    mask: await pausing(askedUsers(plan, snapshot, members)),
    column: (name) => {
      if (!columns.has(name)) columns.set(name, snapshot.personProperty(name));
      return columns.get(name);
    },
  };
  return pausing(listUsers(plan, rows, shelf.texts));
}

function* untilAborted<Result>(steps: Steps<Result>, signal: AbortSignal): Steps<Result> {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    signal.throwIfAborted();
    yield;
  }
}

function propertiesOf({ columns, sort }: UsersPlan): Set<string> {
  const names = [...columns, sort.by].flatMap((column: UserColumn) =>
    column.type === 'property' ? [column.name] : [],
  );
  return new Set([...names, ...displayNameProperties]);
}

/** 1 for users who exist and have an event or a profile (or a profile), and are members of everything. */
function* askedUsers(
  { who }: UsersPlan,
  snapshot: ProjectSnapshot,
  members: readonly PropertyColumn[],
): Steps<Uint8Array> {
  const { users, redirects } = snapshot;
  const mask = new Uint8Array(users.count + 1);
  const asked = snapshot.personProperty(who === 'all' ? knownUserProperty : profileProperty);
  if (asked === undefined && who === 'profiles') return mask;
  markUsers(users.ends, mask);
  yield;
  for (let i = 0; i < redirects.losers.length; i++) mask[redirects.losers[i]] = 0;
  for (const { codes } of asked === undefined ? members : [asked, ...members]) {
    keepWithCode(codes, mask);
    yield;
  }
  return mask;
}

/** Whoever was erased has no id any more. */
function markUsers(ends: Uint32Array, mask: Uint8Array): void {
  for (let user = 1; user < mask.length; user++) mask[user] = Number(ends[user] > ends[user - 1]);
}

function keepWithCode(codes: Uint32Array, mask: Uint8Array): void {
  for (let user = 0; user < mask.length; user++) if (codes[user] === 0) mask[user] = 0;
}
