import { must } from '../../base/assert.ts';
import type { PartialResult } from '../merge/partial.ts';
import type { ChosenSegments, GroupRanks } from '../merge/segment-ranks.ts';
import { countedGroups } from '../plan/counted-groups.ts';
import { attachLists } from '../plan/plan-lists.ts';
import type { Plan } from '../plan/plan-types.ts';
import { createScanSet } from '../scan/create-scan-set.ts';
import type { DayScan, ScanSet, UserRange, UserScan } from '../scan/scan.ts';
import type { DayRows } from '../scan/scan-source.ts';
import { createGroupScan } from './group-scan.ts';
import { createRowScan } from './row-scan.ts';
import { PublishedSource } from './published-source.ts';
import { type ChunkOrder, controlFields, type ScanOrder } from './thread-messages.ts';
import type { ThreadThings } from './thread-things.ts';

/** What a thread has done of a chunk when nothing of it is left to claim. */
export type ChunkDone =
  | {
      readonly type: 'scanned';
      readonly isLast: boolean;
      /** JSON in UTF-8; null before the last chunk, and where this thread came to do nothing. */
      readonly partial: Uint8Array | null;
    }
  /** After the last chunk: the result waits for `choose`. */
  | { readonly type: 'ranked'; readonly ranks: readonly GroupRanks[] };

/**
 * Ranges of users are as even as can be and at least so many, so that threads end at the same time
 * although some users did much more than others.
 */
const rangesMin = 16;
/** Smaller ranges would spend their time on finding where their users begin. */
const rangeUsersMin = 4096;

type Unit = () => void;

/** The part of one thread in one query: claims units of the chunk at hand until there are none. */
export class ScanJob {
  readonly #order: ScanOrder;
  readonly #things: ThreadThings;
  /** One a shard. */
  #sources: readonly PublishedSource[] = [];
  #set: ScanSet | null = null;
  #chunk: ChunkOrder | null = null;
  /** Units of the chunk that any thread may claim, the same in all of them. */
  #shared: Unit[] = [];
  /** Ranges that this thread opened in the first chunk and goes on with. */
  #ranges: UserRange[] = [];
  #own: Unit[] = [];
  #chosen: readonly ChosenSegments[] | null = null;
  #isPrepared = false;
  #hasResult = false;

  constructor(order: ScanOrder, things: ThreadThings) {
    this.#order = order;
    this.#things = things;
  }

  get hasWork(): boolean {
    return this.#chunk !== null || this.#chosen !== null;
  }

  /** Which of the segments that it ranked come back: the next step makes the result of them. */
  choose(chosen: readonly ChosenSegments[]): void {
    this.#chosen = chosen;
  }

  begin(chunk: ChunkOrder): void {
    this.#chunk = chunk;
    this.#isPrepared = false;
  }

  /** Does one unit. Undefined = there may be more. */
  step(): ChunkDone | undefined {
    const chunk = this.#chunk;
    if (chunk === null) return this.#chosen ? this.#finish(this.#chosen) : undefined;
    if (!this.#isPrepared) this.#prepare(chunk);
    const unit = this.#own.pop() ?? this.#claim(chunk);
    if (unit !== undefined) {
      unit();
      this.#hasResult = true;
      Atomics.add(chunk.control, controlFields.unitsDone, 1);
      return undefined;
    }
    this.#chunk = null;
    this.#shared = [];
    if (!chunk.isLast) return { type: 'scanned', isLast: false, partial: null };
    if (!this.#hasResult || this.#set === null) {
      return { type: 'scanned', isLast: true, partial: null };
    }
    const ranks = this.#order.isWhole ? (this.#set.ranks?.() ?? null) : null;
    return ranks === null ? this.#finish() : { type: 'ranked', ranks };
  }

  #finish(chosen?: readonly ChosenSegments[]): ChunkDone {
    this.#chosen = null;
    const partial = this.#set && partialBytes(this.#set.finish(chosen));
    return { type: 'scanned', isLast: true, partial };
  }

  #claim({ control }: ChunkOrder): Unit | undefined {
    return this.#shared[Atomics.add(control, controlFields.nextUnit, 1)];
  }

  #prepare(chunk: ChunkOrder): void {
    this.#isPrepared = true;
    const isFirst = this.#set === null;
    const days = isFirst ? this.#openSources(chunk) : this.#daysOf(chunk);
    this.#set ??= this.#scanSet(this.#sources);
    this.#shared = this.#dayUnits(this.#set, days);
    if (isFirst) this.#shared.push(...this.#rangeUnits(this.#set, days, chunk.isLast));
    else
      this.#own = this.#ranges.map((range) => () => {
        range.add(days);
        if (chunk.isLast) range.close();
      });
    // Ranges of other threads are not known here: what is done is counted, and this is close enough.
    Atomics.store(chunk.control, controlFields.unitCount, this.#shared.length + this.#own.length);
  }

  #openSources(chunk: ChunkOrder): readonly DayRows[] {
    this.#sources = chunk.days.map(
      (days, place) => new PublishedSource(this.#order, place, this.#things, days),
    );
    return this.#sources.flatMap(({ days }) => days);
  }

  #daysOf(chunk: ChunkOrder): readonly DayRows[] {
    return chunk.days.flatMap((days, place) => this.#sources[place].daysOf(days));
  }

  #scanSet(sources: readonly PublishedSource[]): ScanSet {
    const { rowCount } = this.#order;
    const lists = new Map(this.#order.lists);
    const detached = JSON.parse(this.#order.plan) as Plan;
    const plan = attachLists(detached, (name) => {
      return this.#things.list(must(lists.get(name), `list ${name} of the order`));
    });
    const counted = countedGroups(plan);
    if (counted) return createGroupScan(plan, counted, { sources, rowCount });
    const [source] = sources;
    const fast = this.#order.isFast ? createScanSet(plan, source) : null;
    return fast ?? createRowScan(plan, source, rowCount);
  }

  #dayUnits({ scans }: ScanSet, days: readonly DayRows[]): Unit[] {
    // Nobody's rows count in the first pass alone, and so do days.
    if (this.#order.firstUser !== 1) return [];
    const dayScans = scans.filter((scan): scan is DayScan => scan.unit === 'days');
    return days.flatMap((day) => dayScans.map((scan) => () => scan.addDay(day)));
  }

  #rangeUnits({ scans }: ScanSet, days: readonly DayRows[], isLast: boolean): Unit[] {
    const userScans = scans.filter((scan): scan is UserScan => scan.unit === 'users');
    return userScans.flatMap((scan) =>
      this.#rangesOf(scan).map(([first, end]) => () => {
        const range = scan.open(first, end);
        range.add(days, isLast);
        if (isLast) range.close();
        else this.#ranges.push(range);
      }),
    );
  }

  #rangesOf({ usersMax }: UserScan): [first: number, end: number][] {
    const { firstUser, endUser } = this.#order;
    const even = Math.ceil((endUser - firstUser) / rangesMin);
    const size = Math.max(1, Math.min(usersMax, Math.max(rangeUsersMin, even)));
    const ranges: [number, number][] = [];
    // Without any user there is a range all the same: rows of nobody belong to it.
    for (let first = firstUser; first === firstUser || first < endUser; first += size) {
      ranges.push([first, Math.min(first + size, endUser)]);
    }
    return ranges;
  }
}

function partialBytes(partial: PartialResult): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(partial));
}
