import { readHeads } from '@arbor/db/catalog';
import { shardsWithTasks } from '@arbor/db/shard-tasks';
import { workerLimits } from '../limits.ts';
import { damagedLogFiles, storageJobs, storageJobSeconds, unindexedBytes } from '../metrics.ts';
import { collectAbandoned, collectExpired, collectOrphans } from './collect-garbage.ts';
import { compactShard, planMerges } from './compact-shard.ts';
import { giveUpDamagedLogs } from './damaged-logs.ts';
import { indexShard, isIndexDue } from './index-shard.ts';
import { Backoff } from './job-backoff.ts';
import { repeatUntilStopped } from './repeat-until-stopped.ts';
import { runShardTasks } from './run-shard-task.ts';
import type { JobOutcome, ShardUnit, StorageContext } from './storage-context.ts';

export interface StorageJobs {
  /** Resolves when nothing is under way any more. */
  stop(): Promise<void>;
}

/**
 * Follows the catalog, and keeps the files of this process's shards in shape: one loop looks for new
 * versions, the other does one job at a time. Any replica may do any job; the lock of the shard and the
 * version in the commit keep them from doing it twice. Failures are reported and tried again later.
 */
export function startStorageJobs(
  context: StorageContext,
  units: readonly ShardUnit[],
  onError: (error: Error) => void,
): StorageJobs {
  const stopped = new AbortController();
  const { signal } = stopped;
  const rounds = new JobRounds(context, units, onError, signal);
  const everyMs = workerLimits.catalogPollMs;
  const loops = [
    repeatUntilStopped({ everyMs, signal, onError, run: () => followAll(context, units, onError) }),
    repeatUntilStopped({ everyMs, signal, onError, run: () => rounds.run() }),
  ];
  return {
    async stop() {
      stopped.abort(new Error('the process stops'));
      await Promise.all(loops);
    },
  };
}

/** Adopts the versions that are new. A shard that fails does not hold up the others. */
async function followAll(
  { pool }: StorageContext,
  units: readonly ShardUnit[],
  onError: (error: Error) => void,
): Promise<void> {
  const heads = await readHeads(pool);
  for (const { follower } of units) {
    if (!follower.isAt(heads.get(follower.shard))) await follower.refresh().catch(onError);
  }
}

type Job = 'abandoned' | 'task' | 'index' | 'compact' | 'damaged' | 'expired' | 'trim' | 'orphans';

/** One round looks at every shard once and does what is due there. */
class JobRounds {
  readonly #context: StorageContext;
  readonly #units: readonly ShardUnit[];
  readonly #onError: (error: Error) => void;
  readonly #signal: AbortSignal;
  readonly #backoff = new Backoff(workerLimits.jobRetryMs, workerLimits.jobRetryMsMax);
  /** By shard: when merges were last looked for, and in which version. */
  readonly #mergesSought = new Map<number, { version: number; at: number }>();
  /** When removed files and orphans were last looked for: not at the start, when there is other work. */
  #expiredAt: number;
  #trimmedAt: number;
  #orphansAt: number;

  constructor(
    context: StorageContext,
    units: readonly ShardUnit[],
    onError: (error: Error) => void,
    signal: AbortSignal,
  ) {
    this.#context = context;
    this.#units = units;
    this.#onError = onError;
    this.#signal = signal;
    this.#expiredAt = this.#trimmedAt = this.#orphansAt = context.clock();
  }

  async run(): Promise<void> {
    const { clock, thresholds } = this.#context;
    const withTasks = await shardsWithTasks(this.#context.pool);
    let waiting = 0;
    for (const unit of this.#units) {
      if (this.#signal.aborted) return;
      if (withTasks.has(unit.follower.shard)) await this.#do('task', unit, runShardTasks);
      const indexable = unit.store.indexable();
      waiting += indexable.bytes;
      if (isIndexDue(indexable, thresholds, clock())) await this.#do('index', unit, indexShard);
      if (this.#isMergeDue(unit)) await this.#do('compact', unit, compactShard);
    }
    unindexedBytes.set(waiting);
    await this.#giveUpDamagedLogs();
    await this.#collect();
  }

  async #giveUpDamagedLogs(): Promise<void> {
    const damaged = this.#units.filter(({ store }) => store.damagedLogFiles.length > 0);
    damagedLogFiles.set(damaged.reduce((sum, { store }) => sum + store.damagedLogFiles.length, 0));
    if (damaged.length === 0) return;
    await this.#attempt('damaged', 'damaged logs', () => giveUpDamagedLogs(this.#context, damaged));
  }

  /** Looks at the files when they changed, and now and then because a day became quiet. */
  #isMergeDue({ follower }: ShardUnit): boolean {
    const { version } = follower.current;
    const now = this.#context.clock();
    const last = this.#mergesSought.get(follower.shard);
    const isNew = last?.version !== version;
    if (!isNew && now - last.at < workerLimits.mergesSoughtEveryMs) return false;
    this.#mergesSought.set(follower.shard, { version, at: now });
    return planMerges(follower, now).length > 0;
  }

  async #collect(): Promise<void> {
    const { clock, purgedFileGraceMs } = this.#context;
    const now = clock();
    if (now - this.#expiredAt >= Math.min(workerLimits.expiredEveryMs, purgedFileGraceMs)) {
      this.#expiredAt = now;
      await this.#collectAbandoned();
      await this.#attempt('expired', 'expired', () => collectExpired(this.#context));
      await this.#trim(now);
    }
    if (now - this.#orphansAt < workerLimits.orphansEveryMs) return;
    this.#orphansAt = now;
    for (const unit of this.#units) {
      await this.#do('orphans', unit, async (context, { follower }, signal) => {
        await follower.refresh();
        // What a catalog that went back does not know any more may be all there is of it.
        if (follower.hasLostHistory) return 'nothing';
        return collectOrphans(context, follower.shard, signal);
      });
    }
  }

  /** Before the files are forgotten that tell when somebody was erased. */
  async #collectAbandoned(): Promise<void> {
    for (const unit of this.#units) {
      const { mustPurge, hasLostHistory, shard } = unit.follower;
      if (!mustPurge || hasLostHistory) continue;
      await this.#do('abandoned', unit, (context, _, signal) =>
        collectAbandoned(context, shard, signal),
      );
    }
  }

  /** Looks through the caches less often than through the catalog, but for shards from which something was erased. */
  async #trim(now: number): Promise<void> {
    const isDue = now - this.#trimmedAt >= workerLimits.trimmedEveryMs;
    if (isDue) this.#trimmedAt = now;
    for (const unit of this.#units) {
      if (!isDue && !unit.follower.mustPurge) continue;
      await this.#do('trim', unit, async ({ purgedFileGraceMs }, { follower }) => {
        await follower.trimCache(purgedFileGraceMs);
        return 'done';
      });
    }
  }

  #do(
    job: Job,
    unit: ShardUnit,
    work: (context: StorageContext, unit: ShardUnit, signal: AbortSignal) => Promise<JobOutcome>,
  ): Promise<void> {
    const name = `${job} ${unit.follower.shard}`;
    return this.#attempt(job, name, () => work(this.#context, unit, this.#signal));
  }

  /** Where the last attempt did nothing good, the next one waits a while. */
  async #attempt(job: Job, name: string, work: () => Promise<JobOutcome>): Promise<void> {
    const { clock } = this.#context;
    if (this.#signal.aborted || !this.#backoff.mayTry(name, clock())) return;
    const done = storageJobSeconds.startTimer({ job });
    try {
      const outcome = await work();
      storageJobs.inc({ job, outcome });
      if (outcome === 'done' || outcome === 'nothing') this.#backoff.succeeded(name);
      else this.#backoff.failed(name, clock());
    } catch (error) {
      // A job that is stopped half-way left the shard as it was.
      if (this.#signal.aborted) return;
      storageJobs.inc({ job, outcome: 'failed' });
      this.#backoff.failed(name, clock());
      this.#onError(describe(name, error));
    } finally {
      done();
    }
  }
}

function describe(name: string, error: unknown): Error {
  const text = error instanceof Error ? error.message : String(error);
  return new Error(`job "${name}" failed and is tried again: ${text}`, { cause: error });
}
