/**
 * A message to a thread and its answer cost as much as decoding some ten thousand rows, and most events of
 * most days have fewer: they travel together until they need about this much room.
 */
const batchBytesGoal = 4 * 1024 * 1024;

/** A batch takes this share of what waits, so that the last ones are small and threads end together. */
const batchShare = 1 / 8;

/** Tasks of one job that wait for a thread. */
export class LoadQueue<Task> {
  readonly #roomOf: (task: Task) => number;
  /** The next one last: an array is taken from at its end. */
  #tasks: Task[] = [];
  /** Room that they need. */
  #bytes = 0;

  /** `roomOf`: bytes that a task needs at most. */
  constructor(roomOf: (task: Task) => number) {
    this.#roomOf = roomOf;
  }

  /** In order. */
  get tasks(): Task[] {
    return [...this.#tasks].reverse();
  }

  get isEmpty(): boolean {
    return this.#tasks.length === 0;
  }

  /** Before all that wait already. */
  putFirst(tasks: readonly Task[]): void {
    this.#tasks = this.#tasks.concat([...tasks].reverse());
    for (const task of tasks) this.#bytes += this.#roomOf(task);
  }

  /** The next tasks, one at least unless there is none. */
  takeBatch(): Task[] {
    const goal = Math.min(batchBytesGoal, this.#bytes * batchShare);
    const batch: Task[] = [];
    let bytes = 0;
    while (bytes < goal || batch.length === 0) {
      const task = this.#tasks.pop();
      if (task === undefined) break;
      batch.push(task);
      bytes += this.#roomOf(task);
    }
    this.#bytes -= bytes;
    return batch;
  }
}
