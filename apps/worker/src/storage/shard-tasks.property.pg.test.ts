import { type BatchEvent, encodeRowBatch, type RowBatch } from '@arbor/engine/batch';
import type { ShardStore } from '@arbor/engine/store';
import { propertyRuns, propertySeed } from '@arbor/engine/test/model/property-runs';
import type { ShardTask } from '@arbor/schema/shard-task';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { Rewriter } from './rewriter.ts';
import { contentOf, type TestReplica, TestShard } from './testing/test-shard.ts';

const databaseUrl = inject('databaseUrl');
let pool: pg.Pool;
let rewriter: Rewriter;
let shard = 770_000;
beforeAll(() => {
  pool = new pg.Pool({ connectionString: databaseUrl });
  rewriter = new Rewriter();
});
afterAll(async () => {
  await rewriter.close();
  await pool.end();
});

const dayMs = 86_400_000;
const firstDay = Math.floor(Date.UTC(2024, 2, 4) / dayMs);
const everything = Number.MAX_SAFE_INTEGER;
const ids = ['u0', 'u1', 'u2', 'u3'];

const who = fc.nat(ids.length - 1);
const drawn = fc.record({
  events: fc.array(
    fc.record({
      who,
      day: fc.nat(2),
      slot: fc.nat(1),
      insert: fc.nat(1),
      /** The edge moved it by so many days. */
      moved: fc.constantFrom(0, 0, 0, 1, 2),
    }),
    { maxLength: 6 },
  ),
  persons: fc.array(fc.record({ who, city: fc.nat(3) }), { maxLength: 2 }),
  link: fc.option(fc.tuple(who, who), { freq: 3 }),
});
const step = fc.record({
  type: fc.constantFrom('give', 'give', 'index', 'compact', 'adopt'),
  replica: fc.nat(1),
});
const task = fc.record({
  type: fc.constantFrom<ShardTask['type']>('erase', 'take_out', 'split', 'expire'),
  who,
  until: fc.constantFrom(everything, 3),
  beforeDay: fc.nat(3),
});
type Drawn = typeof drawn extends fc.Arbitrary<infer T> ? T : never;
type DrawnTask = typeof task extends fc.Arbitrary<infer T> ? T : never;

/** What is sent: each id is a user of its own until a link joins him to another. */
interface World {
  readonly batches: readonly RowBatch[];
  /** By id that lost, who won. */
  readonly winners: ReadonlyMap<string, string>;
}

function worldOf(list: readonly Drawn[]): World {
  const winners = new Map<string, string>();
  const batches = list.map(({ events, persons, link }, i): RowBatch => {
    const [loser, winner] = (link ?? [0, 0]).map((one) => canonical(ids[one] ?? '', winners));
    const links = [];
    if (loser !== undefined && winner !== undefined && loser !== winner) {
      winners.set(loser, winner);
      links.push({ loser, winner });
    }
    return {
      batchId: `batch-${i}`,
      project: 1,
      shard,
      sequence: i,
      receivedAt: firstDay * dayMs,
      events: events.map((event, position) => eventOf(event, { batch: i, position }, winners)),
      persons: persons.map(({ who: one, city }, position) => ({
        user: canonical(ids[one] ?? '', winners),
        distinctId: ids[one] ?? '',
        time: firstDay * dayMs,
        ignoreTime: true,
        position: 100 + position,
        operations: [{ operator: '$set' as const, values: { city } }],
      })),
      links,
    };
  });
  return { batches, winners };
}

function canonical(id: string, winners: ReadonlyMap<string, string>): string {
  const winner = winners.get(id);
  return winner === undefined ? id : canonical(winner, winners);
}

function eventOf(
  { who: one, day, slot, insert, moved }: Drawn['events'][number],
  { batch, position }: { batch: number; position: number },
  winners: ReadonlyMap<string, string>,
): BatchEvent {
  const distinctId = ids[one] ?? '';
  const sentTime = (firstDay + day) * dayMs + slot * 1000;
  return {
    event: insert === 0 ? 'View' : 'Buy',
    time: sentTime - (day >= moved ? moved * dayMs : 0),
    sentTime,
    distinctId,
    user: canonical(distinctId, winners),
    insertId: `i${insert}`,
    position,
    properties: { n: `${batch}-${position}` },
  };
}

/** A task, and what would have been sent had there never been what it takes away; null = it is about nobody. */
function meant(
  world: World,
  drawnTask: DrawnTask,
): { task: ShardTask; batches: readonly RowBatch[]; compares: 'all' | 'rows' } | null {
  const { type, until, beforeDay } = drawnTask;
  const { batches, winners } = world;
  const id = ids[drawnTask.who] ?? '';
  const user = canonical(id, winners);
  const isHis = (other: string): boolean => canonical(other, winners) === user;
  switch (type) {
    case 'expire':
      return {
        task: { type, beforeDay: firstDay + beforeDay },
        batches: batches.map((batch) => ({
          ...batch,
          events: visible(batches, batch).filter(
            ({ time }) => time >= (firstDay + beforeDay) * dayMs,
          ),
        })),
        compares: 'all',
      };
    case 'erase':
    case 'take_out':
      return {
        task:
          type === 'erase'
            ? { type, users: [user], identifiers: ids.filter(isHis), until }
            : { type, users: ids.filter(isHis), until },
        batches: batches.map((batch) => ({
          ...batch,
          events: batch.events.filter((event) => !isHis(event.user) || batch.sequence >= until),
          persons: batch.persons.filter((person) => !isHis(person.user)),
          links: batch.links.filter(({ loser }) => type === 'take_out' || !isHis(loser)),
        })),
        compares: 'all',
      };
    case 'split': {
      if (id === user) return null;
      const isOff = (other: string): boolean => isBelow(other, id, winners);
      return {
        task: {
          type,
          user,
          identifiers: ids.filter(isOff),
          to: id,
          staying: ids.filter((other) => isHis(other) && !isOff(other)),
          among: [],
        },
        batches: batches.map((batch) => ({
          ...batch,
          events: batch.events.map((event) => ({
            ...event,
            user: isOff(event.distinctId) ? id : canonical(event.distinctId, winners),
          })),
          persons: [],
          links: [],
        })),
        compares: 'rows',
      };
    }
  }
}

/** Whether the id came to count as `top` before that one was merged into another. */
function isBelow(id: string, top: string, winners: ReadonlyMap<string, string>): boolean {
  if (id === top) return true;
  const winner = winners.get(id);
  return winner !== undefined && isBelow(winner, top, winners);
}

/** Events of the batch that no later copy takes the place of. */
function visible(batches: readonly RowBatch[], batch: RowBatch): BatchEvent[] {
  const keyOf = ({ event, sentTime, distinctId, insertId }: BatchEvent): string =>
    JSON.stringify([event, sentTime, distinctId, insertId]);
  const later = batches.filter(({ sequence }) => sequence > batch.sequence);
  const taken = new Set(later.flatMap(({ events }) => events.map(keyOf)));
  return batch.events.filter(
    (event, i) =>
      !taken.has(keyOf(event)) &&
      !batch.events.slice(i + 1).some((other) => keyOf(other) === keyOf(event)),
  );
}

/** Gives the batches one by one, to each replica in its own turn, and indexes, compacts and adopts in between. */
async function live(
  own: TestShard,
  replicas: readonly TestReplica[],
  batches: readonly Uint8Array[],
  steps: readonly { readonly type: string; readonly replica: number }[],
): Promise<void> {
  const given = replicas.map(() => 0);
  const give = async (r: number): Promise<void> => {
    const bytes = batches[given[r] ?? 0];
    if (bytes === undefined) return;
    await replicas[r]?.store.append(bytes);
    given[r] = (given[r] ?? 0) + 1;
  };
  for (const { type, replica: r } of steps) {
    const replica = replicas[r];
    if (replica === undefined) continue;
    if (type === 'give') await give(r);
    else if (type === 'index') await own.index(replica);
    else if (type === 'adopt') await replica.follower.refresh();
    else {
      own.now += 10 * 3_600_000;
      await own.compact(replica);
    }
  }
  for (const r of [0, 1]) for (const _ of batches) await give(r);
}

/** What is seen after the task, in every replica and at several times, and what should be. */
async function outcomeOf(
  own: TestShard,
  list: readonly Drawn[],
  {
    drawnTask,
    steps,
  }: { drawnTask: DrawnTask; steps: readonly { type: string; replica: number }[] },
): Promise<{ readonly shown: unknown[]; readonly expected: unknown[] }> {
  const world = worldOf(list);
  const expected = meant(world, drawnTask);
  if (expected === null) return { shown: [], expected: [] };
  const [a, b] = [await own.openReplica('a'), await own.openReplica('b')];
  const encoded = world.batches.map(encodeRowBatch);
  await live(own, [a, b], encoded, steps);
  const before = await contentOf(a.store);
  const alone = await own.openAlone();
  for (const batch of expected.batches) await alone.append(encodeRowBatch(batch));
  const contents = async (store: ShardStore): Promise<unknown> => {
    const content = await contentOf(store);
    return expected.compares === 'all' ? content : content.rows;
  };
  const id = await own.ask(expected.task);
  const shown: unknown[] = [await own.runTasks(a)];
  await b.follower.refresh();
  shown.push(await contents(a.store), await contents(b.store));
  // A row that stays may count as another user's once the links of who is erased are gone.
  const named = (row: string): string =>
    expected.task.type === 'split' ? row : row.slice(row.indexOf(' '));
  const left = new Set((await contentOf(a.store)).rows.map(named));
  const events = before.rows.filter((row) => !left.has(named(row))).length;
  shown.push(eventsOf(await own.resultOf(id)));
  // What was taken away does not come back: sent again, compacted, read anew.
  for (const bytes of encoded) shown.push(await b.store.append(bytes));
  own.now += 10 * 3_600_000;
  while ((await own.compact(b)) === 'done');
  await a.follower.refresh();
  const again = await own.openReplica('c');
  for (const { store } of [a, b, again]) shown.push(await contents(store));
  const told = await contents(alone);
  const duplicates = encoded.map(() => 'duplicate');
  return { shown, expected: ['done', told, told, events, ...duplicates, told, told, told] };
}

function eventsOf(task: unknown): number {
  return (task as { result: { events: number } }).result.events;
}

it(
  `tasks leave what would be there had nobody sent what they take away (seed ${propertySeed})`,
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(drawn, { minLength: 1, maxLength: 5 }),
        fc.array(step, { maxLength: 14, size: 'max' }),
        task,
        async (list, steps, drawnTask) => {
          shard++;
          const own = await TestShard.create({ pool, databaseUrl, rewriter, shard });
          try {
            const { shown, expected } = await outcomeOf(own, list, { drawnTask, steps });
            expect(shown).toEqual(expected);
          } finally {
            await own.remove();
          }
        },
      ),
      { numRuns: Math.ceil(propertyRuns / 6), seed: propertySeed },
    );
  },
  30_000 + propertyRuns * 1000,
);
