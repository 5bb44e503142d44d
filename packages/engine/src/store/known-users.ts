import { sharedUint32 } from '../base/shared-array.ts';
import type { PropertyColumn } from '../query/exec/shard-view.ts';
import type { EventTable } from './event-table.ts';
import type { PeopleMoment } from './people/people-columns.ts';
import type { ProjectBase } from './project-base.ts';
import type { UserRedirects } from '../query/scan/project-snapshot.ts';

/** A project at one moment, as far as it says who is a user. */
export interface UsersMoment {
  readonly base: ProjectBase;
  readonly events: EventTable;
  /** Rows of the table that count. */
  readonly rowCount: number;
  readonly people: PeopleMoment;
  readonly redirects: UserRedirects;
}

/**
 * By ordinal: 1 = the user has a visible event or a profile (reports.md 9.2). Ordinals stay for ever, also those of
 * users who are known from a link alone, or whose profile was deleted. Who was merged into another is 0, and the
 * other is known by his events.
 */
export function knownUsers(moment: UsersMoment): Uint8Array {
  const { base, events, rowCount, people, redirects } = moment;
  const known = new Uint8Array(people.userCount + 1);
  const baseCount = Math.min(base.userCount, people.userCount);
  for (let ordinal = 1; ordinal <= baseCount; ordinal++) {
    if (base.users.hasEvents(ordinal)) known[ordinal] = 1;
  }
  const rowUsers = events.users.array;
  for (let row = 0; row < rowCount; row++) if (!events.isHidden(row)) known[rowUsers[row]] = 1;
  known[0] = 0;
  const { losers, winners } = redirects;
  for (let i = 0; i < losers.length; i++) {
    if (known[losers[i]] === 1) known[winners[i]] = 1;
    known[losers[i]] = 0;
  }
  const withProfile = usersWithProfile(moment);
  for (let ordinal = 1; ordinal < known.length; ordinal++) known[ordinal] |= withProfile[ordinal];
  return known;
}

/** By ordinal: 1 = has a profile. */
export function usersWithProfile({ base, people }: UsersMoment): Uint8Array {
  const withProfile = new Uint8Array(people.userCount + 1);
  base.people.markPeople(withProfile);
  const { log, length } = people;
  for (let i = 0; i < length; i++) withProfile[log.users.array[i]] = log.profiles[i] ? 1 : 0;
  return withProfile;
}

/** Who has a profile, as a column of persons; undefined = nobody has one. */
export function profilesColumn(moment: UsersMoment): PropertyColumn | undefined {
  const withProfile = usersWithProfile(moment);
  if (!withProfile.includes(1)) return undefined;
  const codes = sharedUint32(withProfile.length);
  codes.set(withProfile);
  return { codes, values: [null, true] };
}

/** Known users as a column of persons; undefined = everybody is known who was not merged into another. */
export function knownUsersColumn(moment: UsersMoment): PropertyColumn | undefined {
  const known = knownUsers(moment);
  let knownCount = 0;
  for (let ordinal = 1; ordinal < known.length; ordinal++) knownCount += known[ordinal];
  if (knownCount + moment.redirects.losers.length === known.length - 1) return undefined;
  const codes = sharedUint32(known.length);
  codes.set(known);
  return { codes, values: [null, true] };
}
