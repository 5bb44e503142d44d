import fs from 'node:fs';
import path from 'node:path';
import { encodePeopleFile } from '@arbor/engine/people-file';
import { peoplePiece } from '@arbor/engine/people-piece';
import { Slices } from '@arbor/engine/slices';
import { encodeUsersFile } from '@arbor/engine/users-file';
import type { PropertyValue } from '@arbor/schema/property-value';
import { endWith, programJob } from '../child-process.ts';
import { readDay, writeWhole } from '../world/native-file.ts';
import { makeTables } from '../world/tables.ts';
import { distinctIdOf, lifetimeValue, makeUsers, userCountOf } from '../world/users.ts';
import { countries, dayCount, dayMs, firstDayMs, plans } from '../world/vocabulary.ts';
import { benchProject, benchShard } from './bench-project.ts';
import { FirstSight } from './first-sight.ts';

/** Program: gives all users their ordinals and writes the user dictionary and the profiles. */
export interface PeopleJob {
  readonly root: string;
  readonly events: number;
  readonly seed: number;
  /** Written here: `ordinals.u32`, `users.aruser`, `people.arppl`. */
  readonly outDirectory: string;
}

const job = programJob<PeopleJob>();
const users = makeUsers(userCountOf(job.events), job.seed, makeTables(job.seed));
const sight = new FirstSight(users.count);
for (let day = 0; day < dayCount; day++) {
  sight.see(readDay(path.join(job.root, 'days', `${String(day).padStart(3, '0')}.native`)).user);
}
const seen = sight.count;
// Those without events are known by their profiles.
sight.see(Uint32Array.from({ length: users.count }, (_, user) => user));
const { ordinals } = sight;
fs.writeFileSync(out('ordinals.u32'), new Uint8Array(ordinals.buffer));

const owner = { project: benchProject.id, shard: benchShard };
const ids: string[] = Array.from({ length: users.count }, () => '');
for (let user = 0; user < users.count; user++) {
  ids[ordinals[user] - 1] = distinctIdOf(user, job.seed);
}
const withoutEvents = Array.from({ length: users.count - seen }, (_, i) => seen + 1 + i);
const usersBytes = encodeUsersFile({
  ...owner,
  first: 1,
  ids,
  links: [],
  withoutEvents,
  withFirstEvents: [],
});
writeWhole(out('users.aruser'), usersBytes);
// Nobody else waits for this process: no need to work in slices.
const piece = await peoplePiece(owner, profiles(), new Slices(() => performance.now(), Infinity));
writeWhole(out('people.arppl'), encodePeopleFile(piece));
endWith({ users: users.count });

function* profiles(): Generator<[number, ReadonlyMap<string, PropertyValue>]> {
  for (let user = 0; user < users.count; user++) {
    const signUp = new Date(firstDayMs + users.born[user] * dayMs).toISOString().slice(0, 10);
    yield [
      ordinals[user],
      new Map<string, PropertyValue>([
        ['country', countries[users.country[user]]],
        ['ltv', lifetimeValue(users, user, job.seed)],
        ['plan', plans[users.plan[user]]],
        ['signup_date', signUp],
      ]),
    ];
  }
}

function out(name: string): string {
  return path.join(job.outDirectory, name);
}
