import type { EntriesNeeded } from './follower.ts';
import type { StepList } from './step-lists.ts';
import type { UserDays } from './user-days.ts';

/** As many rows as have a number in the low bits of a sort key. */
const fewBits = 5;
const fewRows = 1 << fewBits;

/**
 * The step rows of one user on one day. They lie in the order in which they were taken; row number
 * `order[i]`, first ≤ i < end, is the i-th by (time, arrival). Where two rows share an instant, all rows
 * lie in their order: `order[i]` is i.
 */
export class UserRows {
  first = 0;
  end = 0;
  order = new Uint32Array(fewRows);
  /** Ms since the start of the day. */
  times = new Uint32Array(fewRows);
  /** Bit s is set where the row fits step s. */
  bits = new Uint32Array(fewRows);
  /** Index of the list that the row is in, and its number there. */
  lists = new Uint16Array(fewRows);
  rows = new Uint32Array(fewRows);
  /** Rows of the runs being merged: position, end, list. */
  #positions: Uint32Array = new Uint32Array(16);
  #ends: Uint32Array = new Uint32Array(16);
  #runLists: Uint16Array = new Uint16Array(16);

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
    if (days.nexts[link] === 0) {
      this.#takeRun(days.lists[link], lists[days.lists[link]], days.runs[link], entriesNeeded);
    } else if (!this.#takeFew(days, link, lists)) this.#takeMany(days, link, lists);
  }

  #takeRun(index: number, list: StepList, run: number, needed: EntriesNeeded): void {
    const start = list.starts[run];
    const end = list.starts[run + 1];
    this.first = 0;
    this.end = 0;
    const onlyEntries = list.kind === 'entries' && list.rowBits === null && needed !== 'all';
    // Entries that share the first instant compete with one another: then all are needed.
    if (onlyEntries && end - start > 1 && list.times[start + 1] !== list.times[start]) {
      this.#push(index, list, start);
      if (needed === 'first and last') this.#push(index, list, end - 1);
      return;
    }
    this.#reserve(end - start);
    for (let row = start; row < end; row++) this.#push(index, list, row);
  }

  /**
   * Sorts the rows by keys of time and row number, one number to move. The chain has entries last and a
   * day begins with them, so keys are filled in from the end. False = there are many rows, or two of one
   * instant: nothing was taken.
   */
  #takeFew(days: UserDays, chain: number, lists: readonly StepList[]): boolean {
    const { order: keys, times, bits, lists: rowLists, rows } = this;
    let count = 0;
    let first = fewRows;
    for (let link = chain; link !== 0; link = days.nexts[link]) {
      const index = days.lists[link];
      const list = lists[index];
      const { times: listTimes, rowBits } = list;
      const run = days.runs[link];
      const start = list.starts[run];
      let row = list.starts[run + 1];
      if (count + row - start > fewRows) return false;
      while (--row >= start) {
        const rowBit = rowBits === null ? list.bits : rowBits[row - list.firstRow];
        if (rowBit === 0) continue;
        const time = listTimes[row];
        times[count] = time;
        bits[count] = rowBit;
        rowLists[count] = index;
        rows[count] = row;
        // A day has less than 2^27 ms.
        const key = ((time << fewBits) | count++) >>> 0;
        let at = first--;
        for (; at < fewRows && keys[at] < key; at++) keys[at - 1] = keys[at];
        keys[at - 1] = key;
        if (at < fewRows && keys[at] >>> fewBits === time) return false;
        if (at - 1 > first && keys[at - 2] >>> fewBits === time) return false;
      }
    }
    for (let i = first; i < fewRows; i++) keys[i] &= fewRows - 1;
    this.first = first;
    this.end = fewRows;
    return true;
  }

  #takeMany(days: UserDays, chain: number, lists: readonly StepList[]): void {
    let total = 0;
    let runCount = 0;
    for (let link = chain; link !== 0; link = days.nexts[link]) {
      const index = days.lists[link];
      const { starts } = lists[index];
      const position = starts[days.runs[link]];
      const end = starts[days.runs[link] + 1];
      this.#addRun(runCount++, index, position, end);
      total += end - position;
    }
    this.#reserve(total);
    this.first = 0;
    this.end = 0;
    this.#merge(lists, runCount);
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

  /** Takes the earliest row of all runs, again and again. */
  #merge(lists: readonly StepList[], runCount: number): void {
    const positions = this.#positions;
    const ends = this.#ends;
    const runLists = this.#runLists;
    let left = runCount;
    while (left > 0) {
      let best = 0;
      let bestList = lists[runLists[0]];
      let bestTime = bestList.times[positions[0]];
      for (let run = 1; run < left; run++) {
        const list = lists[runLists[run]];
        const time = list.times[positions[run]];
        if (time > bestTime) continue;
        if (time === bestTime) {
          const rank = list.tieRanks === null ? 0 : list.tieRanks[positions[run]];
          const bestRank = bestList.tieRanks === null ? 0 : bestList.tieRanks[positions[best]];
          if (rank > bestRank) continue;
        }
        best = run;
        bestList = list;
        bestTime = time;
      }
      this.#push(runLists[best], bestList, positions[best]);
      if (++positions[best] < ends[best]) continue;
      left--;
      positions[best] = positions[left];
      ends[best] = ends[left];
      runLists[best] = runLists[left];
    }
  }

  /** Takes a row that comes after all that were taken. */
  #push(index: number, list: StepList, row: number): void {
    const bits = list.rowBits === null ? list.bits : list.rowBits[row - list.firstRow];
    if (bits === 0) return;
    const at = this.end++;
    this.order[at] = at;
    this.times[at] = list.times[row];
    this.bits[at] = bits;
    this.lists[at] = index;
    this.rows[at] = row;
  }

  #reserve(count: number): void {
    if (count <= this.times.length) return;
    const size = count * 2;
    this.order = new Uint32Array(size);
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
