import { alignedBytes } from './arena.ts';
import type { ColumnCache, Room } from './column-cache.ts';
import type { SharedThings } from './shared-things.ts';
import type { Loaded, LoadOrder, PieceName } from './thread-messages.ts';
import type { PoolThread } from './thread-pool.ts';

/** Something to be decoded for a query; the room is found when a thread is about to do it. */
export interface LoadTask {
  readonly job: number;
  readonly order: Omit<LoadOrder, 'id' | 'job' | 'extent'>;
  /** At most so many rows and users come out. */
  readonly rowsMax: number;
  readonly usersMax: number;
  /** Ids of the things that the order names. */
  readonly things: readonly number[];
  /** The room is the callee's from here on. */
  onLoaded(loaded: Loaded, room: Room): void;
  /** The job was ended, or the thread died: nothing was decoded. */
  onDropped(): void;
}

/** So many at once hide the way to the thread and back, without holding much room that may not be needed. */
const ordersPerThreadMax = 3;

interface UnderWay {
  readonly task: LoadTask;
  readonly thread: PoolThread;
  readonly room: Room;
}

/** Hands decoding out to threads, a task of every job in turn. */
export class LoadScheduler {
  readonly #cache: ColumnCache;
  readonly #things: SharedThings;
  readonly #threads: () => Iterable<PoolThread>;
  /** Tasks that wait, by job; the job whose turn it is comes first. */
  readonly #waiting = new Map<number, LoadTask[]>();
  readonly #underWay = new Map<number, UnderWay>();
  #lastId = 0;

  constructor(cache: ColumnCache, things: SharedThings, threads: () => Iterable<PoolThread>) {
    this.#cache = cache;
    this.#things = things;
    this.#threads = threads;
  }

  /** Tasks are done in this order. */
  add(job: number, tasks: readonly LoadTask[]): void {
    // A queue is taken from at its end.
    const queue = [...tasks].reverse().concat(this.#waiting.get(job) ?? []);
    if (queue.length > 0) this.#waiting.set(job, queue);
    this.#handOut();
  }

  /** There is a thread more than before. */
  resume(): void {
    this.#handOut();
  }

  loaded(id: number, loaded: Loaded): void {
    const done = this.#underWay.get(id);
    if (done === undefined) return;
    this.#underWay.delete(id);
    done.task.onLoaded(loaded, done.room);
    this.#handOut();
  }

  /** Nothing more of the job is handed out; what threads have comes back as they say. */
  cancel(job: number): void {
    const waiting = this.#waiting.get(job) ?? [];
    this.#waiting.delete(job);
    for (const task of waiting) task.onDropped();
  }

  /** The thread will not do these any more: it dropped the job, or is gone (`job` null). */
  abandon(thread: PoolThread, job: number | null): void {
    for (const [id, one] of this.#underWay) {
      if (one.thread !== thread || (job !== null && one.task.job !== job)) continue;
      this.#underWay.delete(id);
      this.#cache.giveBack(one.room);
      one.task.onDropped();
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
      let [idlest, least]: [PoolThread | null, number] = [null, ordersPerThreadMax];
      for (const [thread, count] of busy) if (count < least) [idlest, least] = [thread, count];
      const task = idlest && this.#next();
      if (idlest === null || task === null) return;
      busy.set(idlest, least + 1);
      this.#send(idlest, task);
    }
  }

  #next(): LoadTask | null {
    for (const [job, queue] of this.#waiting) {
      this.#waiting.delete(job);
      const task = queue.pop();
      if (task === undefined) continue;
      if (queue.length > 0) this.#waiting.set(job, queue);
      return task;
    }
    return null;
  }

  #send(thread: PoolThread, task: LoadTask): void {
    const { order, rowsMax, usersMax } = task;
    const room = this.#cache.makeRoom(roomFor(order.pieces, rowsMax, usersMax));
    const id = ++this.#lastId;
    this.#underWay.set(id, { task, thread, room });
    this.#things.tell(thread, [...this.#cache.slabIds, room.extent.slab, ...task.things]);
    thread.send({
      type: 'load',
      order: { ...order, id, job: task.job, extent: room.extent },
    });
  }
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
