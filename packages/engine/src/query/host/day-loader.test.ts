import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeEach, expect, it } from 'vitest';
import type { ProjectSnapshot, SegmentPart } from '../scan/project-snapshot.ts';
import { ColumnCache, type NewPiece } from './column-cache.ts';
import { DayLoader } from './day-loader.ts';
import { DictionaryShelf } from './dictionary-shelf.ts';
import { ProjectGroups } from './event-group.ts';
import type { LoadScheduler, LoadTask } from './load-scheduler.ts';
import { SharedSnapshots } from './shared-snapshot.ts';
import { SharedThings } from './shared-things.ts';
import type { NeededDay, NeededEvent } from './snapshot-days.ts';
import type { PieceName } from './thread-messages.ts';

const noWords = new Uint32Array(0);
const part: SegmentPart = {
  type: 'segment',
  id: 'a',
  path: 'a',
  rowCount: 2,
  hiddenRows: noWords,
  events: [],
  propertyNames: () => [],
};
const snapshot: ProjectSnapshot = {
  project: 1,
  shard: 0,
  users: { count: 2, bytes: Buffer.from('ab'), ends: Uint32Array.of(0, 1, 2) },
  redirects: {
    losers: Uint32Array.of(2),
    winners: Uint32Array.of(1),
    ranks: Uint32Array.of(1),
  },
  days: [],
  personProperty: () => undefined,
};

let things: SharedThings;
let cache: ColumnCache;
let groups: ProjectGroups;
/** Each list of tasks that was handed to the scheduler. */
let ordered: LoadTask[][];
let loader: DayLoader;

beforeEach(() => {
  things = new SharedThings();
  const dictionaries = new DictionaryShelf(things, 1000);
  cache = new ColumnCache(4096, things, dictionaries);
  groups = new ProjectGroups(cache, () => noWords);
  ordered = [];
  // Stands in for threads: what they would decode, tests say themselves.
  const scheduler = {
    add: (_: number, tasks: LoadTask[]) => ordered.push(tasks),
  } as unknown as LoadScheduler;
  const lease = new SharedSnapshots(things).lease();
  const context = { cache, dictionaries, scheduler, groups };
  loader = new DayLoader(context, { snapshot, lease, job: 1, order: true });
});

const needed = (name: string, key: string): NeededEvent => ({
  name,
  needs: { properties: [], times: true, users: true },
  hope: null,
  present: [0],
  key,
  rowsMax: 2,
  usersMax: 2,
});
const dayOf = (day: number, events: readonly NeededEvent[]): NeededDay => {
  return { day, startMs: day * 86_400_000, parts: [{ part, key: 'a' }], events, activity: null };
};

/** As if a query had had these pieces of two words decoded; what comes back is what it does when it ends. */
function keep(name: string, key: string, pieces: readonly PieceName[], touched = noWords) {
  const group = groups.group(key, name, 1);
  group.rowCount = 2;
  group.touched = touched;
  const room = cache.makeRoom(pieces.length * 8);
  const { slab, offset } = room.extent;
  const made = pieces.map((piece, i): NewPiece => {
    const span = { slab, offset: offset + i * 8, length: 2, width: 4 } as const;
    return { group, name: piece, span, dictionary: null };
  });
  const kept = cache.keep(room, made);
  return { group, release: () => kept.forEach((piece) => cache.unpin(piece)) };
}

/** As if a thread had decoded what was asked for. */
function decode(task: LoadTask): void {
  const { order } = task;
  const room = cache.makeRoom(order.pieces.length * 8);
  const { slab, offset } = room.extent;
  const pieces = order.pieces.map((name, i) => {
    return { name, span: { slab, offset: offset + i * 8, length: 2, width: 4 } as const };
  });
  task.onLoaded(
    { pieces, rowCount: 2, sources: { type: 'part', part: 0 }, touched: noWords },
    room,
  );
}

/** Decodes whatever is asked for until everything is there; the orders. */
async function finish(brought: Promise<void>): Promise<LoadTask['order'][]> {
  let isBrought = false;
  void brought.then(() => (isBrought = true));
  for (let done = 0; !isBrought; await nextTurn()) {
    for (; done < ordered.length; done++) ordered[done].forEach(decode);
  }
  return ordered.flatMap((tasks) => tasks.map(({ order }) => order));
}

it('holds what it publishes, where others had it decoded anew while it waited', async () => {
  const pieces = ['runs', 'times', 'ties'] as const;
  keep('A', 'one', pieces).release();
  const days = [dayOf(1, [needed('A', 'one')]), dayOf(2, [needed('A', 'two')])];
  const brought = loader.bring(days, () => undefined);
  expect(ordered.map((tasks) => tasks.length)).toEqual([1]);
  const { group, release } = keep('A', 'one', pieces);
  await finish(brought);
  loader.publish(days, new Map([['A', 0]]));
  release();
  for (const name of pieces) expect(group.pieces.get(name)?.pins).toBeGreaterThan(0);
});

it('ranks ties anew where an event turns out to have no row that matters while it waits', async () => {
  const hope = { key: 'h', kinds: [], required: [] };
  keep('A', 'one', ['runs', 'times', 'ties apart a']).release();
  const other = keep('B', 'one', ['runs', 'times', 'ties apart a'], Uint32Array.of(2));
  const [first, second] = [needed('A', 'one'), { ...needed('B', 'one'), hope }];
  const days = [dayOf(1, [first, second]), dayOf(2, [needed('A', 'two')])];
  const brought = loader.bring(days, () => undefined);
  // Somebody else with the same hope finds out.
  const room = cache.makeRoom(8);
  const barren = { group: other.group, name: 'barren h', span: null, dictionary: null } as const;
  cache.keep(room, [barren]);
  const asked = await finish(brought);
  // Without B nobody of the first day was merged.
  expect(asked.map(({ event, pieces }) => `${event} ${pieces.join()}`)).toContain('A ties');
  const { rowCount } = loader.publish(days, new Map([['A', 0]]));
  expect(rowCount).toBe(6);
});
