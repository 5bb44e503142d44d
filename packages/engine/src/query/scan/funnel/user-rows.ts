import type { EntriesNeeded } from './follower.ts';
import type { StepList } from './step-lists.ts';
import type { UserDays } from './user-days.ts';

/** The step rows of one user on one day, ordered by (time, arrival). Read indexed up to `count`. */
export class UserRows {
  count = 0;
  /** Ms since the start of the day. */
  times = new Uint32Array(0);
  /** Bit s is set where the row fits step s. */
  bits = new Uint32Array(0);
  /** Index of the list that the row is in, and its number there. */
  lists = new Uint16Array(0);
  rows = new Uint32Array(0);
  /** Rows of the runs being merged: position, end, list. */
  #positions: Uint32Array = new Uint32Array(16);
  #ends: Uint32Array = new Uint32Array(16);
  #runLists = new Uint16Array(16);

  /**
   * Takes the rows of the chain that begins with `link`. Where a user has nothing but entries today, those
   * that the follower does not need are left out.
   */
  take(
    days: UserDays,
    link: number,
    lists: readonly StepList[],
    entriesNeeded: EntriesNeeded,
  ): void {
    this.count = 0;
    const next = days.nextOf(link);
    const list = lists[days.listOf(link)];
    const run = days.runOf(link);
    const start = list.rows.starts[run];
    const end = list.rows.starts[run + 1];
    if (next === 0) {
      this.#reserve(end - start);
      this.#takeRun(days.listOf(link), list, { start, end }, entriesNeeded);
      return;
    }
    let total = 0;
    let runCount = 0;
    for (let own = link; own !== 0; own = days.nextOf(own)) {
      const index = days.listOf(own);
      const { starts } = lists[index].rows;
      const position = starts[days.runOf(own)];
      this.#addRun(runCount++, index, position, starts[days.runOf(own) + 1]);
      total += starts[days.runOf(own) + 1] - position;
    }
    this.#reserve(total);
    this.#merge(lists, runCount);
  }

  #takeRun(
    index: number,
    list: StepList,
    { start, end }: { readonly start: number; readonly end: number },
    needed: EntriesNeeded,
  ): void {
    const { times } = list.rows;
    const onlyEntries = list.kind === 'entries' && list.rowBits === null && needed !== 'all';
    // Entries that share the first instant compete with one another: then all are needed.
    if (onlyEntries && end - start > 1 && times[start + 1] !== times[start]) {
      this.#push(index, list, start);
      if (needed === 'first and last') this.#push(index, list, end - 1);
      return;
    }
    for (let row = start; row < end; row++) this.#push(index, list, row);
  }

  #addRun(at: number, list: number, position: number, end: number): void {
    if (at === this.#ends.length) {
      this.#positions = grown(this.#positions);
      this.#ends = grown(this.#ends);
      const runLists = new Uint16Array(at * 2);
      runLists.set(this.#runLists);
      this.#runLists = runLists;
    }
    this.#positions[at] = position;
    this.#ends[at] = end;
    this.#runLists[at] = list;
  }

  /** Takes the earliest row of all runs, again and again: a user has few runs a day. */
  #merge(lists: readonly StepList[], runCount: number): void {
    const positions = this.#positions;
    const ends = this.#ends;
    const runLists = this.#runLists;
    let left = runCount;
    while (left > 0) {
      let best = 0;
      let bestRows = lists[runLists[0]].rows;
      let bestTime = bestRows.times[positions[0]];
      for (let run = 1; run < left; run++) {
        const { rows } = lists[runLists[run]];
        const time = rows.times[positions[run]];
        if (time > bestTime) continue;
        if (time === bestTime) {
          const rank = rows.tieRanks === null ? 0 : rows.tieRanks[positions[run]];
          const bestRank = bestRows.tieRanks === null ? 0 : bestRows.tieRanks[positions[best]];
          if (rank > bestRank) continue;
        }
        best = run;
        bestRows = rows;
        bestTime = time;
      }
      this.#push(runLists[best], lists[runLists[best]], positions[best]);
      if (++positions[best] < ends[best]) continue;
      left--;
      positions[best] = positions[left];
      ends[best] = ends[left];
      runLists[best] = runLists[left];
    }
  }

  #push(index: number, list: StepList, row: number): void {
    const bits = list.rowBits === null ? list.bits : list.rowBits[row - list.firstRow];
    if (bits === 0) return;
    const at = this.count++;
    this.times[at] = list.rows.times[row];
    this.bits[at] = bits;
    this.lists[at] = index;
    this.rows[at] = row;
  }

  #reserve(count: number): void {
    if (count <= this.times.length) return;
    const size = count * 2;
    this.times = new Uint32Array(size);
    this.bits = new Uint32Array(size);
    this.lists = new Uint16Array(size);
    this.rows = new Uint32Array(size);
  }
}

function grown(values: Uint32Array): Uint32Array {
  const larger = new Uint32Array(values.length * 2);
  larger.set(values);
  return larger;
}
