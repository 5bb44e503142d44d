import { EngineError } from '../../base/errors.ts';
import { knownUserProperty } from '../exec/shard-view.ts';
import { chooseSegments, type GroupRanks } from '../merge/segment-ranks.ts';
import { invalidQuery } from '../plan/invalid-query.ts';
import { countedGroups } from '../plan/counted-groups.ts';
import { listNames } from '../plan/plan-lists.ts';
import type { Plan } from '../plan/plan-types.ts';
import { createScanSet } from '../scan/create-scan-set.ts';
import type { ProjectSnapshot } from '../scan/project-snapshot.ts';
import { scanNeeds, type ScanNeeds } from '../scan/scan-needs.ts';
import type { Scan } from '../scan/scan.ts';
import { planPasses, type Pass } from './chunks.ts';
import type { LoaderContext } from './day-loader.ts';
import { emptySource } from './empty-source.ts';
import { type Fragment, fragmentsOf } from './fragments.ts';
import { groupParts } from './group-numbers.ts';
import type { MemoryGate } from './memory-gate.ts';
import type { ResultCache } from './result-cache.ts';
import { type RunShard, RunShards } from './run-shards.ts';
import type { SharedLists } from './shared-lists.ts';
import type { SharedSnapshots } from './shared-snapshot.ts';
import type { SharedThings } from './shared-things.ts';
import type { NeededDay } from './snapshot-days.ts';
import {
  controlFields,
  type FromThread,
  type ScanOrder,
  type ThreadFailure,
} from './thread-messages.ts';
import type { PoolThread, ThreadDeath } from './thread-pool.ts';

export interface ScanProgress {
  readonly done: number;
  readonly total: number;
}

export interface ScanAnswer {
  /** Partial results of the shard, each JSON in UTF-8 (`readPartial`): they add up in any order. */
  readonly partials: readonly Uint8Array[];
  /** Rows of the events and days that were looked at. */
  readonly rowsScanned: number;
}

/** What a run needs of the host. */
export interface RunContext extends LoaderContext {
  readonly threads: () => ReadonlySet<PoolThread>;
  /** Whoever starts the run holds those that the plan names. */
  readonly lists: SharedLists;
  readonly things: SharedThings;
  readonly snapshots: SharedSnapshots;
  /** To the columns of a chunk. */
  readonly gate: MemoryGate;
  /** To what is held of users from chunk to chunk, beside the cache. */
  readonly heldGate: MemoryGate;
  readonly results: ResultCache;
}

/** What a run is about. */
export interface AskedQuery {
  readonly job: number;
  readonly plan: Plan;
  readonly snapshot: ProjectSnapshot;
  /** Further shards, where the plan counts groups over all of them together. */
  readonly beside?: readonly RunShard[];
  /** See `RunOptions`. */
  readonly oneThreadRowsMax: number;
}

/** Progress is told in thousandths: how much there is to scan is not known before it is decoded. */
const progressTotal = 1000;
/** Of a chunk whose columns are not in memory, decoding takes about this share of the time. */
const loadShare = 0.6;

/** One query on its way through decoding and scanning, chunk by chunk. */
export class QueryRun {
  readonly job: number;
  readonly #context: RunContext;
  readonly #plan: Plan;
  readonly #snapshot: ProjectSnapshot;
  readonly #oneThreadRowsMax: number;
  readonly #lists: ScanOrder['lists'];
  /** False = the plan goes over rows in the order of users. */
  readonly #isFast: boolean;
  /** What fast scans keep of a user while days come chunk by chunk. */
  readonly #userBytes: number;
  /** What it finds on some days adds up with what it finds on others. */
  readonly #isAdditive: boolean;
  readonly #needs: ScanNeeds;
  readonly #shards: RunShards;
  readonly #stop = new AbortController();
  #partials: Uint8Array[] = [];
  /** Threads that scan, or have not said yet that they let the job go. */
  readonly #engaged = new Set<PoolThread>();
  #control = newControl();
  #onEngagedChange = (): void => undefined;
  #chunksDone = 0;
  #chunkCount = 1;
  #isLoading = true;
  #rowsScanned = 0;
  /** What is scanned is the whole answer. */
  #isWhole = false;
  /** What threads know of segments, until they are told which come back. */
  readonly #ranked = new Map<PoolThread, readonly GroupRanks[]>();

  constructor(context: RunContext, query: AskedQuery) {
    const { job, plan, snapshot } = query;
    this.job = job;
    this.#context = context;
    this.#oneThreadRowsMax = query.oneThreadRowsMax;
    this.#plan = plan;
    this.#snapshot = snapshot;
    this.#lists = [...listNames(plan)].map((name) => [name, context.lists.idOf(name)]);
    // Exactly what threads decide: rows that fast scans can do without are not loaded for them, and others need all.
    const fast = createScanSet(plan, emptySource);
    // Of one user alone the rows are few, where fast scans go over all of his days.
    const scans = snapshot.onlyUser === undefined ? fast?.scans : undefined;
    this.#isFast = scans !== undefined;
    this.#userBytes = userBytesOf(scans ?? []);
    this.#isAdditive = scans?.every(({ unit }) => unit === 'days') ?? false;
    this.#needs = scanNeeds(plan, this.#isFast);
    const shards = [{ snapshot, groups: context.groups }, ...(query.beside ?? [])];
    const personNames = personNamesOf(plan, this.#needs);
    this.#shards = new RunShards(context, shards, { job, needs: this.#needs, personNames });
  }

  get progress(): ScanProgress {
    const unitCount = Atomics.load(this.#control, controlFields.unitCount);
    const unitsDone = Atomics.load(this.#control, controlFields.unitsDone);
    const scanned = unitCount === 0 ? 0 : unitsDone / unitCount;
    const chunk = this.#isLoading
      ? loadShare * this.#shards.progress
      : loadShare + (1 - loadShare) * scanned;
    const share = (this.#chunksDone + chunk) / this.#chunkCount;
    return { done: Math.floor(Math.min(1, share) * progressTotal), total: progressTotal };
  }

  async answer(): Promise<ScanAnswer> {
    await this.#preparePersons();
    const days = this.#shards.days();
    const fragments = this.#fragments(days);
    const partials: Uint8Array[] = [];
    let rowsScanned = 0;
    for (const fragment of fragments) {
      const answer = await this.#answerOf(fragment, fragments.length === 1);
      partials.push(...answer.partials);
      rowsScanned += answer.rowsScanned;
    }
    return { partials, rowsScanned };
  }

  /** A property of persons may have millions of values: other queries, and batches, have their turns meanwhile. */
  async #preparePersons(): Promise<void> {
    const steps = this.#shards.personSteps();
    while (steps.next().done !== true) {
      await new Promise((resolve) => setImmediate(resolve));
      this.#stop.signal.throwIfAborted();
    }
  }

  #fragments(days: readonly NeededDay[]): Fragment[] {
    if (!this.#context.results.isOn) return [{ days, key: '' }];
    const isAdditive = this.#isAdditive;
    const keys = this.#shards.keys();
    return fragmentsOf(days, { plan: this.#plan, needs: this.#needs, keys, isAdditive });
  }

  /** `isWhole`: there is no other fragment. */
  async #answerOf(fragment: Fragment, isWhole: boolean): Promise<ScanAnswer> {
    const { results, gate, heldGate } = this.#context;
    // Segments may have been left out, which no other fragment must be added to.
    const key = isWhole ? `${fragment.key}\nwhole` : fragment.key;
    const known = results.isOn ? results.get(key) : undefined;
    if (known !== undefined) return known;
    const { days, rowCount } = this.#shards.withoutBarren(fragment.days);
    const passes = planPasses(days, {
      userCount: countedGroups(this.#plan) ? groupParts : this.#snapshot.users.count,
      onlyUser: this.#snapshot.onlyUser,
      isFast: this.#isFast,
      userBytes: this.#userBytes,
      bytesMax: gate.bytesMax,
      heldBytesMax: heldGate.bytesMax,
      bytesOf: (day) => this.#shards.bytesOf(day),
    });
    this.#chunksDone = 0;
    this.#chunkCount = passes.reduce((sum, { chunks }) => sum + chunks.length, 0);
    this.#partials = [];
    this.#rowsScanned = rowCount;
    this.#isWhole = isWhole && passes.length === 1;
    for (const pass of passes) await this.#runPass(pass);
    const answer = { partials: this.#partials, rowsScanned: this.#rowsScanned };
    if (results.isOn) results.set(key, answer);
    return answer;
  }

  /** Ends the run: `answer` rejects with the reason. The first reason counts. */
  fail(reason: unknown): void {
    this.#stop.abort(reason);
    this.#onEngagedChange();
  }

  take(thread: PoolThread, message: FromThread): void {
    switch (message.type) {
      case 'scanned':
        // A thread that was told to let go still loads: only `ended` says that it reads nothing more.
        if (this.#stop.signal.aborted) return;
        if (message.partial !== null) this.#partials.push(message.partial);
        this.#disengage(thread);
        return;
      case 'ranked':
        if (this.#stop.signal.aborted) return;
        this.#ranked.set(thread, message.ranks);
        this.#disengage(thread);
        return;
      case 'failed':
        this.fail(failureOf(message.error));
        return;
      case 'ended':
        this.#disengage(thread);
        return;
      case 'loaded':
    }
  }

  lose(thread: PoolThread, { current, isTooLarge, error }: ThreadDeath): void {
    this.#disengage(thread);
    const isOwnFault = isTooLarge && current === this.job;
    this.fail(
      isOwnFault
        ? invalidQuery(
            'the query needs more memory than it may take: filter it or shorten its range',
          )
        : error,
    );
  }

  /** Gives back what the run holds, when no thread reads it any more. */
  async release(): Promise<void> {
    if (this.#stop.signal.aborted) await this.#endInThreads();
    this.#shards.release();
  }

  async #runPass(pass: Pass): Promise<void> {
    const { heldGate } = this.#context;
    // Nobody who waits here has columns that others wait for.
    const leave =
      pass.heldBytes === 0 ? null : await heldGate.enter(pass.heldBytes, this.#stop.signal);
    try {
      for (const index of pass.chunks.keys()) await this.#runChunk(pass, index);
    } finally {
      leave?.();
    }
  }

  async #runChunk(pass: Pass, index: number): Promise<void> {
    const { days, bytes } = pass.chunks[index];
    const { signal } = this.#stop;
    const leave = await this.#context.gate.enter(bytes, signal);
    try {
      this.#isLoading = true;
      await this.#unlessStopped(this.#shards.bring(days, () => signal.throwIfAborted()));
      this.#isLoading = false;
      await this.#scan(pass, index);
      this.#chunksDone++;
      this.#shards.releaseColumns();
    } finally {
      leave();
    }
  }

  async #scan(pass: Pass, index: number): Promise<void> {
    const { things, threads } = this.#context;
    const chunk = pass.chunks[index];
    const eventNames = [...new Set(pass.chunks.flatMap(({ days }) => namesOf(days)))].sort();
    const eventIndex = new Map(eventNames.map((name, event) => [name, event]));
    const published = this.#shards.publish(chunk.days, eventIndex);
    if (pass.isFirst) this.#rowsScanned += published.rowCount;
    this.#control = newControl();
    const order = index === 0 ? this.#scanOrder(pass, eventNames) : null;
    const isLast = index === pass.chunks.length - 1;
    const { days } = published;
    const isSmall = this.#isFast && published.rowCount < this.#oneThreadRowsMax;
    // The rows of one user are one range.
    const isForOne = isSmall || pass.endUser === pass.firstUser + 1;
    const asked = isForOne && pass.chunks.length === 1 ? idlest(threads()) : threads();
    for (const thread of asked) {
      this.#engaged.add(thread);
      const ids = order === null ? [] : idsOf(order);
      things.tell(thread, published.things);
      things.tell(thread, ids);
      const { job } = this;
      const chunkOrder = { job, days, isLast, control: this.#control };
      thread.send({ type: 'scan', order, chunk: chunkOrder });
    }
    if (this.#engaged.size === 0) throw new EngineError('SCAN_FAILED', 'no scan thread is up');
    await this.#allDisengaged();
    this.#stop.signal.throwIfAborted();
    if (this.#ranked.size > 0) await this.#choose([...this.#ranked]);
  }

  /** Threads that have ranked their segments are told which of them come back. */
  async #choose(ranked: readonly (readonly [PoolThread, readonly GroupRanks[]])[]): Promise<void> {
    this.#ranked.clear();
    if (this.#plan.type !== 'insights') return;
    const chosen = chooseSegments(
      this.#plan,
      ranked.map(([, ranks]) => ranks),
    );
    for (const [thread] of ranked) {
      this.#engaged.add(thread);
      thread.send({ type: 'chosen', job: this.job, chosen });
    }
    await this.#allDisengaged();
    this.#stop.signal.throwIfAborted();
  }

  #scanOrder({ firstUser, endUser, rowCount }: Pass, eventNames: readonly string[]): ScanOrder {
    return {
      job: this.job,
      plan: JSON.stringify(this.#plan),
      lists: this.#lists,
      eventNames,
      shards: this.#shards.orders(),
      rowCount,
      firstUser,
      endUser,
      isFast: this.#isFast,
      isWhole: this.#isWhole,
    };
  }

  /** Settles like the promise, or as soon as the run failed. */
  #unlessStopped(promise: Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const { signal } = this.#stop;
      const onAbort = (): void => reject(signal.reason as Error);
      signal.addEventListener('abort', onAbort);
      promise.finally(() => signal.removeEventListener('abort', onAbort)).then(resolve, reject);
      if (signal.aborted) onAbort();
    });
  }

  /** Threads let the job go; until they say so they may read its columns. */
  async #endInThreads(): Promise<void> {
    this.#context.scheduler.cancel(this.job);
    this.#engaged.clear();
    for (const thread of this.#context.threads()) {
      this.#engaged.add(thread);
      thread.send({ type: 'end', job: this.job });
    }
    await this.#allDisengaged(true);
  }

  /** Resolves when no thread is engaged, or (unless `isEnding`) the run failed. */
  #allDisengaged(isEnding = false): Promise<void> {
    return new Promise((resolve) => {
      this.#onEngagedChange = () => {
        if (this.#engaged.size === 0 || (!isEnding && this.#stop.signal.aborted)) resolve();
      };
      this.#onEngagedChange();
    });
  }

  #disengage(thread: PoolThread): void {
    this.#engaged.delete(thread);
    this.#onEngagedChange();
  }
}

function userBytesOf(scans: readonly Scan[]): number {
  return scans.reduce((sum, scan) => sum + (scan.unit === 'users' ? (scan.userBytes ?? 0) : 0), 0);
}

/** One thread: one that is at no job, if there is any. */
function idlest(threads: Iterable<PoolThread>): PoolThread[] {
  const all = [...threads];
  const idle = all.find(({ current }) => Atomics.load(current, 0) === 0);
  return idle === undefined ? all.slice(0, 1) : [idle];
}

function newControl(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(controlFields.length * 4));
}

/** Things that an order names. */
function idsOf({ shards, lists }: ScanOrder): number[] {
  const named = [...lists, ...shards.flatMap(({ persons }) => persons)];
  return [...shards.map(({ users }) => users), ...named.map(([, id]) => id)];
}

/** Columns of persons that the plan needs, as threads know them. */
function personNamesOf(plan: Plan, { personProperties }: ScanNeeds): string[] {
  const counted = plan.type === 'list' ? plan.of : plan;
  // Its universe is users, also those of whom no row tells.
  return [...personProperties, ...(counted.type === 'cohort' ? [knownUserProperty] : [])];
}

function namesOf(days: readonly NeededDay[]): string[] {
  return days.flatMap(({ events }) => events.map(({ name }) => name));
}

function failureOf({ code, message, stack }: ThreadFailure): Error {
  if (code !== null) return new EngineError(code, message);
  const cause = new Error(message);
  cause.stack = stack;
  return new EngineError('SCAN_FAILED', `a scan failed: ${message}`, { cause });
}
