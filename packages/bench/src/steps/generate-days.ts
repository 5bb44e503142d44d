import path from 'node:path';
import { endWith, programJob } from '../child-process.ts';
import { DayGenerator } from '../world/day-generator.ts';
import { encodeBlock, stringBytes, writeDay, writeWhole } from '../world/native-file.ts';
import { distinctIdOf, lifetimeValue, type Users } from '../world/users.ts';
import { dayCount } from '../world/vocabulary.ts';

/** Program: makes every `parts`-th day, and with part 0 the people. */
export interface DaysJob {
  readonly root: string;
  readonly events: number;
  readonly seed: number;
  readonly part: number;
  readonly parts: number;
}

export interface DaysMade {
  readonly users: number;
  readonly days: readonly { day: number; rowCount: number }[];
}

const job = programJob<DaysJob>();
const generator = new DayGenerator(job.events, job.seed);
const days: { day: number; rowCount: number }[] = [];
if (job.part === 0) writePeople(generator.users);
for (let day = job.part; day < dayCount; day += job.parts) {
  const columns = generator.day(day);
  writeDay(path.join(job.root, 'days', `${String(day).padStart(3, '0')}.native`), columns);
  days.push({ day, rowCount: columns.rowCount });
}
const made: DaysMade = { users: generator.users.count, days };
endWith(made);

/** Numbers, ids and profiles, for the peers; Arbor's loader makes them anew. */
function writePeople(users: Users): void {
  const { count } = users;
  const numbers = Uint32Array.from({ length: count }, (_, user) => user);
  const value = Float64Array.from({ length: count }, (_, user) =>
    lifetimeValue(users, user, job.seed),
  );
  const bytes = (array: ArrayBufferView): Uint8Array =>
    new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  const ids = function* (): Generator<string> {
    for (let user = 0; user < count; user++) yield distinctIdOf(user, job.seed);
  };
  writeWhole(
    path.join(job.root, 'people.native'),
    encodeBlock(count, [
      { name: 'number', type: 'UInt32', bytes: bytes(numbers) },
      { name: 'distinct_id', type: 'String', bytes: stringBytes(ids()) },
      { name: 'plan', type: 'UInt8', bytes: users.plan },
      { name: 'country', type: 'UInt8', bytes: users.country },
      { name: 'born', type: 'Int16', bytes: bytes(users.born) },
      { name: 'ltv', type: 'Float64', bytes: bytes(value) },
    ]),
  );
}
