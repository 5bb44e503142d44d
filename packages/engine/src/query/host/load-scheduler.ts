import { alignedBytes } from './arena.ts';
import type { ColumnCache, Room } from './column-cache.ts';
import { LoadQueue } from './load-queue.ts';
import type { SharedThings } from './shared-things.ts';
import type { Loaded, LoadOrder, PieceName } from './thread-messages.ts';
import type { PoolThread } from './thread-pool.ts';

/** Something to be decoded for a query; the room is found when a thread is about to do it. */
export interface LoadTask {
  readonly job: number;
  readonly order: Omit<LoadOrder, 'extent'>;
  /** At most so many rows and users come out. */
  readonly rowsMax: number;
  readonly usersMax: number;
  /** Ids of the things that the order names. */
  readonly things: readonly number[];
  /** The room is the callee's from here on. Null = no row matters (`LoadOrder.hope`). */
  onLoaded(loaded: Loaded | null, room: Room): void;
  /** The job was ended, or the thread died: nothing was decoded. */
  onDropped(): void;
}

/** Two hide the way to the thread and back: it works at one while the other is on its way. */
const batchesPerThread = 2;

/** Tasks of one job that a thread was given together. */
interface Batch {
  readonly job: number;
  readonly thread: PoolThread;
  readonly loads: readonly { readonly task: LoadTask; readonly room: Room }[];
}

/** Hands decoding out to threads, a batch of every job in turn. */
export class LoadScheduler {
  readonly #cache: ColumnCache;
  readonly #things: SharedThings;
  readonly #threads: () => Iterable<PoolThread>;
  /** By job; the job whose turn it is comes first. */
  readonly #waiting = new Map<number, LoadQueue<LoadTask>>();
  readonly #underWay = new Map<number, Batch>();
  #lastId = 0;

  constructor(cache: ColumnCache, things: SharedThings, threads: () => Iterable<PoolThread>) {
    this.#cache = cache;
    this.#things = things;
    this.#threads = threads;
  }

  /** Tasks are done in this order. */
  add(job: number, tasks: readonly LoadTask[]): void {
    if (tasks.length === 0) return;
    const queue = this.#waiting.get(job) ?? new LoadQueue(roomOf);
    queue.putFirst(tasks);
    this.#waiting.set(job, queue);
    this.#handOut();
  }

  /** There is a thread more than before. */
  resume(): void {
    this.#handOut();
  }

  /** What a batch came to, in the order of its tasks. */
  loaded(id: number, loaded: readonly (Loaded | null)[]): void {
    const batch = this.#underWay.get(id);
    if (batch === undefined) return;
    this.#underWay.delete(id);
    for (const [i, { task, room }] of batch.loads.entries()) task.onLoaded(loaded[i], room);
    this.#handOut();
  }

  /** Nothing more of the job is handed out; what threads have comes back as they say. */
  cancel(job: number): void {
    const tasks = this.#waiting.get(job)?.tasks ?? [];
    this.#waiting.delete(job);
    for (const task of tasks) task.onDropped();
  }

  /** The thread will not do these any more: it dropped the job, or is gone (`job` null). */
  abandon(thread: PoolThread, job: number | null): void {
    for (const [id, batch] of this.#underWay) {
      if (batch.thread !== thread || (job !== null && batch.job !== job)) continue;
      this.#underWay.delete(id);
      for (const { task, room } of batch.loads) {
        this.#cache.giveBack(room);
        task.onDropped();
      }
    }
    this.#handOut();
  }

  /** To the thread that has least to do, while any has room for more. */
  #handOut(): void {
    const busy = new Map([...this.#threads()].map((thread) => [thread, 0]));
    for (const { thread } of this.#underWay.values()) {
      busy.set(thread, (busy.get(thread) ?? 0) + 1);
    }
    for (;;) {
      let [idlest, least]: [PoolThread | null, number] = [null, batchesPerThread];
      for (const [thread, count] of busy) if (count < least) [idlest, least] = [thread, count];
      const [next] = this.#waiting;
      if (idlest === null || next === undefined) return;
      busy.set(idlest, least + 1);
      const [job, queue] = next;
      const tasks = queue.takeBatch();
      // To the end of the line.
      this.#waiting.delete(job);
      if (!queue.isEmpty) this.#waiting.set(job, queue);
      this.#send(idlest, job, tasks);
    }
  }

  #send(thread: PoolThread, job: number, tasks: readonly LoadTask[]): void {
    const loads = tasks.map((task) => ({ task, room: this.#cache.makeRoom(roomOf(task)) }));
    const id = ++this.#lastId;
    this.#underWay.set(id, { job, thread, loads });
    const slabs = loads.map(({ room }) => room.extent.slab);
    const things = tasks.flatMap((task) => task.things);
    this.#things.tell(thread, [...this.#cache.slabIds, ...slabs, ...things]);
    const orders = loads.map(({ task, room }) => ({ ...task.order, extent: room.extent }));
    thread.send({ type: 'load', id, job, orders });
  }
}

function roomOf({ order, rowsMax, usersMax }: LoadTask): number {
  return roomFor(order.pieces, rowsMax, usersMax);
}

/** Bytes that the pieces have at most. */
export function roomFor(pieces: readonly PieceName[], rowsMax: number, usersMax: number): number {
  let bytes = 0;
  for (const name of pieces) {
    if (name === 'runs') bytes += alignedBytes((usersMax * 2 + 1) * 4);
    else if (name === 'source parts') bytes += alignedBytes(rowsMax * 2);
    else bytes += alignedBytes(rowsMax * 4);
  }
  return bytes;
}
