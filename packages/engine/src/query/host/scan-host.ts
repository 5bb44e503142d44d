import { EngineError } from '../../base/errors.ts';
import { checkGroupCount } from '../plan/cohorts-of-groups.ts';
import type { GroupMembers } from '../plan/cohorts-of-groups.ts';
import { countedGroups, partsOfGroups } from '../plan/counted-groups.ts';
import { listNames } from '../plan/plan-lists.ts';
import type { Plan, UsersPlan } from '../plan/plan-types.ts';
import { splitCohorts } from '../plan/split-cohorts.ts';
import type { PropertyColumn } from '../exec/shard-view.ts';
import type { ProjectSnapshot } from '../scan/project-snapshot.ts';
import { daysOfUser } from './active-days.ts';
import { ColumnCache, type Piece } from './column-cache.ts';
import { DictionaryShelf } from './dictionary-shelf.ts';
import { ProjectGroups } from './event-group.ts';
import { asksFirstSeen, firstEventProperty } from './first-seen.ts';
import { withPropertyNames } from './listed-properties.ts';
import { LoadScheduler } from './load-scheduler.ts';
import { memberColumn, withPersonColumns } from './member-columns.ts';
import { MemoryGate } from './memory-gate.ts';
import { isNewestFirst, runNewestFirst } from './newest-first.ts';
import { findUser, narrowed, onlyUserOf } from './only-user.ts';
import {
  type AskedQuery,
  QueryRun,
  type RunContext,
  type ScanAnswer,
  type ScanProgress,
} from './query-run.ts';
import { ResultCache } from './result-cache.ts';
import { SharedLists } from './shared-lists.ts';
import { SharedSnapshots } from './shared-snapshot.ts';
import { SharedThings } from './shared-things.ts';
import { runUsers, wordArray } from './span-array.ts';
import { runUserList } from './run-user-list.ts';
import { UsersShelves } from './users-shelves.ts';
import { withGroups, withMembers } from './with-groups.ts';
import { type FromThread, readPartial } from './thread-messages.ts';
import { type PoolThread, type ThreadDeath, ThreadPool } from './thread-pool.ts';

export { readPartial };
export type { ScanAnswer, ScanProgress } from './query-run.ts';

export interface ScanHostOptions {
  readonly threads: number;
  /** Decoded columns that are kept. Running queries may need a little more for a moment. */
  readonly cacheBytes: number;
  /**
   * What queries whose columns do not fit into the cache may hold of users together, beside it: rows, or how far each
   * user has come. One that would hold more goes over the days several times. Default: 1.33 GiB, of which one query may
   * have 1 GiB.
   */
  readonly heldBytesMax?: number;
  /** Answers that are kept for whoever asks again. Default: 0, none. */
  readonly resultCacheBytes?: number;
  /** JavaScript heap of each thread. Default: 2 GiB. */
  readonly heapBytesMax?: number;
}

export interface RunOptions {
  readonly signal?: AbortSignal;
  /** Told several times a second. */
  readonly onProgress?: (progress: ScanProgress) => void;
  /**
   * A fast scan of fewer rows is left to one thread: it takes no longer than waking another one and adding up what
   * both found. Default: 0, all threads scan.
   */
  readonly oneThreadRowsMax?: number;
}

export interface ScanHostStats {
  readonly queriesRunning: number;
  /** Decoded columns in memory. */
  readonly cacheBytes: number;
  /** Of them beyond the bound, for queries that are running. */
  readonly overflowBytes: number;
  readonly dictionaryBytes: number;
  readonly evictions: number;
  /** Events of days that were decoded. */
  readonly loads: number;
  readonly resultBytes: number;
  /** Fragments of queries that were answered from kept results. */
  readonly resultHits: number;
}

interface PartOptions {
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((progress: ScanProgress) => void) | undefined;
  readonly oneThreadRowsMax: number;
}

const progressEveryMs = 100;
const heapBytesDefault = 2 ** 31;
const heldBytesDefault = (4 / 3) * 2 ** 30;
/** An open file keeps up to some 20 MB of what its columns have in common; threads go day by day. */
const openFilesMax = 8;
/** Decoded dictionaries live on the heap of each thread, beside what queries need there. */
const dictionaryShare = 1 / 4;
/** What lists of users find again lies beside the columns, and is small where these are large. */
const usersShare = 1 / 8;

/**
 * Answers plans from snapshots on threads of its own, over columns that it decodes once and keeps in
 * shared memory. Whoever calls it stays free: the caller's thread only hands out work.
 *
 * Rejections: the reason of `signal`; `INVALID_QUERY`, `CORRUPT_SEGMENT` and the like from the threads;
 * `SCAN_FAILED` (retry) when a thread died, which is replaced.
 */
export class ScanHost {
  readonly #pool: ThreadPool;
  readonly #things = new SharedThings();
  readonly #dictionaries: DictionaryShelf;
  readonly #cache: ColumnCache;
  readonly #scheduler: LoadScheduler;
  readonly #snapshots: SharedSnapshots;
  readonly #gate: MemoryGate;
  readonly #heldGate: MemoryGate;
  readonly #results: ResultCache;
  readonly #lists = new SharedLists(this.#things);
  readonly #projects = new Map<string, ProjectGroups>();
  readonly #usersShelves: UsersShelves;
  readonly #runs = new Map<number, QueryRun>();
  /** Called when a run is gone and its columns are let go. */
  readonly #onIdle: (() => void)[] = [];
  #lastJob = 0;
  #loads = 0;
  #isClosed = false;

  private constructor(options: ScanHostOptions) {
    const { threads, cacheBytes, resultCacheBytes = 0 } = options;
    const { heapBytesMax = heapBytesDefault } = options;
    this.#dictionaries = new DictionaryShelf(this.#things, heapBytesMax * dictionaryShare);
    this.#cache = new ColumnCache(cacheBytes, this.#things, this.#dictionaries);
    this.#snapshots = new SharedSnapshots(this.#things);
    this.#gate = new MemoryGate(cacheBytes);
    this.#heldGate = new MemoryGate(options.heldBytesMax ?? heldBytesDefault);
    this.#results = new ResultCache(resultCacheBytes);
    this.#usersShelves = new UsersShelves(cacheBytes * usersShare);
    this.#pool = new ThreadPool({
      threads,
      openFilesMax,
      heapBytesMax,
      onStart: () => this.#scheduler.resume(),
      onMessage: (thread, message) => this.#take(thread, message),
      onDeath: (thread, death) => this.#bury(thread, death),
    });
    this.#scheduler = new LoadScheduler(this.#cache, this.#things, () => this.#pool.threads);
  }

  /** Threads start at once; queries may be asked before they are up. */
  static create(options: ScanHostOptions): ScanHost {
    return new ScanHost(options);
  }

  /**
   * Keeps a long list that plans name instead of holding it (`plan/plan-lists.ts`). Throws CORRUPT_LIST where the
   * bytes are not those that the name stands for.
   */
  addList(name: string, bytes: Uint8Array): void {
    this.#lists.add(name, bytes);
  }

  /** To be called before a plan is run that may name lists. Throws LIST_MISSING with those that are not here. */
  holdLists(plan: Plan): { end(): void } {
    return this.#lists.lease(listNames(plan));
  }

  /** The partial results of one project in one shard, as the snapshot has it. */
  async run(plan: Plan, snapshot: ProjectSnapshot, options: RunOptions = {}): Promise<ScanAnswer> {
    return this.runTogether(plan, [snapshot], options);
  }

  /**
   * The same of several shards. All of the project have to be given where the plan counts groups (`countsTogether`),
   * whose users lie on many; profiles of groups are on each.
   */
  async runTogether(
    plan: Plan,
    snapshots: readonly ProjectSnapshot[],
    options: RunOptions = {},
  ): Promise<ScanAnswer> {
    const joined = withGroups(plan, snapshots[0], this.#lists);
    const runs = partsOfGroups(joined.plan).flatMap(({ plan: part, members }) => {
      if (countedGroups(part)) return [(own: RunOptions) => this.#runGroups(part, snapshots, own)];
      if (members.length > 0) {
        return [(own: RunOptions) => this.#runEventsOfGroups(part, members, snapshots, own)];
      }
      return snapshots.map((one) => (own: RunOptions) => this.#runJoined(part, one, own));
    });
    try {
      return await inTurn(runs, options);
    } finally {
      joined.end();
    }
  }

  async #runGroups(
    plan: Plan,
    given: readonly ProjectSnapshot[],
    options: RunOptions,
  ): Promise<ScanAnswer> {
    if (!asksFirstSeen(plan)) return this.#runNamed(plan, given, options);
    const snapshots: ProjectSnapshot[] = [];
    for (const one of given) snapshots.push(await this.#withFirstSeen(one, options));
    return this.#runNamed(plan, snapshots, options);
  }

  /** Which groups are in the cohorts that the plan names is asked of all shards first. */
  async #runEventsOfGroups(
    plan: Plan,
    members: readonly GroupMembers[],
    snapshots: readonly ProjectSnapshot[],
    options: RunOptions,
  ): Promise<ScanAnswer> {
    const groups = new Map<string, readonly string[]>();
    const lists = members.map(({ property, plan: list }) => async (own: RunOptions) => {
      const answer = await this.#runGroups(list, snapshots, own);
      const listed = listedUsers(answer);
      checkGroupCount(listed.length);
      groups.set(property, listed);
      return { partials: [], rowsScanned: answer.rowsScanned };
    });
    const ofEvents = async (own: RunOptions): Promise<ScanAnswer> => {
      const joined = withMembers(plan, groups, this.#lists);
      const runs = snapshots.map(
        (one) => (part: RunOptions) => this.#runJoined(joined.plan, one, part),
      );
      try {
        return await inTurn(runs, own);
      } finally {
        joined.end();
      }
    };
    return inTurn([...lists, ofEvents], options);
  }

  async #runJoined(plan: Plan, given: ProjectSnapshot, options: RunOptions): Promise<ScanAnswer> {
    // Without waiting for nothing: whoever looks at once sees that a query runs.
    const snapshot = asksFirstSeen(plan) ? await this.#withFirstSeen(given, options) : given;
    if (plan.type === 'users') return this.#runUsers(plan, snapshot, options);
    const id = onlyUserOf(plan);
    if (id === null) return this.#runOfAll(plan, snapshot, options);
    return this.#runNamed(plan, [await this.#ofUser(id, snapshot, options)], options);
  }

  /** The snapshot with what is computed of persons. */
  async #withFirstSeen(
    snapshot: ProjectSnapshot,
    { signal = new AbortController().signal }: RunOptions,
  ): Promise<ProjectSnapshot> {
    const { firstSeen } = this.#usersShelves.of(projectKey(snapshot.project, snapshot.shard));
    const job = ++this.#lastJob;
    const context = this.#runContext(snapshot);
    const column = await firstSeen.column(context, { job, snapshot, signal });
    this.#usersShelves.trim();
    return withPersonColumns(snapshot, new Map([[firstEventProperty, column]]));
  }

  /** What of the snapshot one user can be found in. */
  async #ofUser(
    id: string,
    snapshot: ProjectSnapshot,
    { signal = new AbortController().signal }: RunOptions,
  ): Promise<ProjectSnapshot> {
    const user = findUser(snapshot.users, id);
    if (user === 0) return narrowed(snapshot, []);
    const job = ++this.#lastJob;
    const context = this.#runContext(snapshot);
    return narrowed(snapshot, await daysOfUser(context, { job, snapshot, user, signal }), user);
  }

  /** A list of users: who meets its conditions is asked first. */
  async #runUsers(
    plan: UsersPlan,
    snapshot: ProjectSnapshot,
    options: RunOptions,
  ): Promise<ScanAnswer> {
    const { signal = new AbortController().signal } = options;
    const members: PropertyColumn[] = [];
    let rowsScanned = 0;
    for (const condition of plan.members) {
      const answer = await this.#runOfAll(condition, snapshot, options);
      members.push(memberColumn(answer.partials.map(readPartial), snapshot.users.count));
      rowsScanned += answer.rowsScanned;
    }
    const key = projectKey(snapshot.project, snapshot.shard);
    const job = ++this.#lastJob;
    const context = this.#runContext(snapshot);
    const asked = { plan, members, job, snapshot, signal };
    const found = await runUserList(context, this.#usersShelves.of(key), asked);
    this.#usersShelves.trim();
    return { partials: [Buffer.from(JSON.stringify(found))], rowsScanned };
  }

  async #runOfAll(plan: Plan, snapshot: ProjectSnapshot, options: RunOptions): Promise<ScanAnswer> {
    const split = splitCohorts(plan);
    if (split === null) return this.#runNamed(plan, [snapshot], options);
    const runCount = split.members.length + 1;
    const nth = (run: number): RunOptions => ({
      ...options,
      onProgress: ({ done, total }) =>
        options.onProgress?.({ done: Math.floor((run * total + done) / runCount), total }),
    });
    const columns = new Map<string, PropertyColumn>();
    let rowsScanned = 0;
    for (const [run, { column, plan: members }] of split.members.entries()) {
      const answer = await this.#runNamed(members, [snapshot], nth(run));
      columns.set(column, memberColumn(answer.partials.map(readPartial), snapshot.users.count));
      rowsScanned += answer.rowsScanned;
    }
    const known = withPersonColumns(snapshot, columns);
    const answer = await this.#runNamed(split.report, [known], nth(runCount - 1));
    return { ...answer, rowsScanned: rowsScanned + answer.rowsScanned };
  }

  async #runNamed(
    plan: Plan,
    snapshots: readonly ProjectSnapshot[],
    { signal, onProgress, oneThreadRowsMax = 0 }: RunOptions,
  ): Promise<ScanAnswer> {
    const plans = withPropertyNames(plan, snapshots);
    const options = { signal, onProgress, oneThreadRowsMax };
    if (isNewestFirst(plan)) {
      return runNewestFirst(plan, snapshots[0], (days) => this.#run(plan, [days], options));
    }
    if (plans.length === 1) return this.#run(plans[0], snapshots, options);
    const partials: Uint8Array[] = [];
    let rowsScanned = 0;
    for (const [runsDone, part] of plans.entries()) {
      const onPart = ({ done, total }: ScanProgress): void =>
        onProgress?.({ done: Math.floor((runsDone * total + done) / plans.length), total });
      const answer = await this.#run(part, snapshots, { ...options, onProgress: onPart });
      partials.push(...answer.partials);
      // Rows are the same in each.
      rowsScanned = answer.rowsScanned;
    }
    return { partials, rowsScanned };
  }

  async #run(
    plan: Plan,
    [snapshot, ...others]: readonly ProjectSnapshot[],
    { signal, onProgress, oneThreadRowsMax }: PartOptions,
  ): Promise<ScanAnswer> {
    if (this.#isClosed) throw new EngineError('STORE_CLOSED', 'the scan host is closed');
    signal?.throwIfAborted();
    if (this.#pool.threads.size === 0) throw new EngineError('SCAN_FAILED', 'no scan thread is up');
    const beside = others.map((one) => ({ snapshot: one, groups: this.#groups(one) }));
    const run = this.#start({ job: ++this.#lastJob, plan, snapshot, beside, oneThreadRowsMax });
    const onAbort = (): void => run.fail(signal?.reason);
    signal?.addEventListener('abort', onAbort);
    const timer = onProgress && setInterval(() => onProgress(run.progress), progressEveryMs);
    try {
      return await run.answer();
    } catch (error) {
      run.fail(error);
      throw error;
    } finally {
      clearInterval(timer);
      signal?.removeEventListener('abort', onAbort);
      void this.#release(run);
    }
  }

  /** Resolves when no query runs and nothing is held for one. */
  async idle(): Promise<void> {
    if (this.#runs.size > 0) await new Promise<void>((resolve) => this.#onIdle.push(resolve));
  }

  /** What is decoded of the project in the shard will not be asked for again. */
  forget({ project, shard }: Pick<ProjectSnapshot, 'project' | 'shard'>): void {
    const key = projectKey(project, shard);
    this.#projects.get(key)?.abandonAll();
    this.#projects.delete(key);
    this.#usersShelves.forget(key);
  }

  stats(): ScanHostStats {
    const { usedBytes, ownBytes, evictions } = this.#cache.stats;
    return {
      queriesRunning: this.#runs.size,
      cacheBytes: usedBytes + ownBytes,
      overflowBytes: ownBytes,
      dictionaryBytes: this.#dictionaries.bytes,
      evictions,
      loads: this.#loads,
      resultBytes: this.#results.bytes,
      resultHits: this.#results.hits,
    };
  }

  /** Ends what is running (`STORE_CLOSED`) and the threads. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const error = new EngineError('STORE_CLOSED', 'the scan host was closed');
    for (const run of this.#runs.values()) run.fail(error);
    await this.idle();
    await this.#pool.close();
  }

  #runContext(snapshot: ProjectSnapshot): RunContext {
    return {
      cache: this.#cache,
      dictionaries: this.#dictionaries,
      scheduler: this.#scheduler,
      groups: this.#groups(snapshot),
      things: this.#things,
      snapshots: this.#snapshots,
      gate: this.#gate,
      heldGate: this.#heldGate,
      results: this.#results,
      lists: this.#lists,
      threads: () => this.#pool.threads,
    };
  }

  #start(query: AskedQuery): QueryRun {
    const run = new QueryRun(this.#runContext(query.snapshot), query);
    this.#runs.set(query.job, run);
    this.#pool.setBusy(true);
    return run;
  }

  /** The caller has its answer; the columns stay until the threads are done with them. */
  async #release(run: QueryRun): Promise<void> {
    await run.release();
    this.#runs.delete(run.job);
    if (this.#runs.size > 0) return;
    this.#pool.setBusy(false);
    for (const onIdle of this.#onIdle.splice(0)) onIdle();
  }

  #groups({ project, shard }: ProjectSnapshot): ProjectGroups {
    const key = projectKey(project, shard);
    let groups = this.#projects.get(key);
    if (groups === undefined) {
      groups = new ProjectGroups(this.#cache, (piece) => this.#usersOf(piece));
      this.#projects.set(key, groups);
    }
    return groups;
  }

  #usersOf({ name, span }: Piece): Uint32Array {
    const buffer = span && this.#things.slab(span.slab);
    if (!span || !buffer) return new Uint32Array(0);
    return name === 'runs' ? runUsers(span, buffer) : wordArray(span, buffer);
  }

  #take(thread: PoolThread, message: FromThread): void {
    if (message.type === 'loaded') {
      this.#loads += message.loaded.filter((loaded) => loaded !== null).length;
      this.#scheduler.loaded(message.id, message.loaded);
      return;
    }
    if (message.type === 'ended') this.#scheduler.abandon(thread, message.job);
    this.#runs.get(message.job)?.take(thread, message);
  }

  #bury(thread: PoolThread, death: ThreadDeath): void {
    this.#things.forget(thread);
    this.#scheduler.abandon(thread, null);
    for (const run of this.#runs.values()) run.lose(thread, death);
  }
}

/** Runs whose partial results add up, one after the other. */
async function inTurn(
  runs: readonly ((options: RunOptions) => Promise<ScanAnswer>)[],
  options: RunOptions,
): Promise<ScanAnswer> {
  const partials: Uint8Array[] = [];
  let rowsScanned = 0;
  for (const [runsDone, run] of runs.entries()) {
    const onProgress = ({ done, total }: ScanProgress): void =>
      options.onProgress?.({ done: Math.floor((runsDone * total + done) / runs.length), total });
    const answer = await run({ ...options, ...(options.onProgress && { onProgress }) });
    partials.push(...answer.partials);
    rowsScanned += answer.rowsScanned;
  }
  return { partials, rowsScanned };
}

/** Everybody on a list, of all of its partial results. */
function listedUsers({ partials }: ScanAnswer): string[] {
  return partials.flatMap((bytes) => {
    const partial = readPartial(bytes);
    return partial.type === 'list' ? partial.users.map(({ user }) => user) : [];
  });
}

function projectKey(project: number, shard: number): string {
  return `${shard} ${project}`;
}
