import type { Member } from '@arbor/schema/cluster';
import type { Logger } from '@arbor/runtime/logger';
import { counter } from '@arbor/runtime/metrics';
import { ApiError } from '../errors.ts';
import type { Assignment } from './assign-shards.ts';
import { assignShards } from './assign-shards.ts';
import { ReplicaError } from './lqs-client.ts';
import type { Members } from './ports.ts';

/** Once more at the same replica, because the first failure may be a kept-alive connection that had gone stale. */
const failuresMax = 2;
/** How often to look whether a process that was asked still holds its lease. */
const leaseCheckMs = 500;

const replicaFailures = counter({
  name: 'arbor_replica_failures_total',
  help: 'Requests to a storage process that failed during a query and were given to another one.',
  labels: ['member'],
});

/** Asks one member for some shards; says so as each is done; throws ReplicaError when it cannot go on. */
export type AskMember = (
  member: Member,
  shards: readonly number[],
  options: { signal: AbortSignal; onDone: (shard: number) => void },
) => Promise<void>;

export interface ScatterOptions {
  readonly shards: readonly number[];
  readonly members: Members;
  /** Only replicas of this zone: for checks that compare zones. */
  readonly zone: string | undefined;
  readonly signal: AbortSignal;
  readonly ask: AskMember;
  readonly turn: number;
  readonly logger: Logger;
  readonly leaseCheckMs?: number;
}

/**
 * Asks every shard of exactly one replica at a time until each has answered once. A replica that
 * fails, or whose lease runs out while it is asked, loses the shards it still owes to another one.
 * Answers the zones that did the work. Throws UNAVAILABLE when no replica of some shard is left.
 *
 * Invariant: `ask` reports each shard at most once over the whole scatter, so a merge counts nothing twice.
 */
export async function scatter(options: ScatterOptions): Promise<string[]> {
  const whole = new AbortController();
  const signal = AbortSignal.any([options.signal, whole.signal]);
  const run = new Scatter({ ...options, signal });
  try {
    await run.shards(options.shards);
    return run.zones();
  } catch (error) {
    // One branch that cannot go on ends the others: their answer would be thrown away.
    whole.abort();
    throw error;
  }
}

class Scatter {
  readonly #options: ScatterOptions;
  readonly #failures = new Map<string, number>();
  readonly #zones = new Set<string>();

  constructor(options: ScatterOptions) {
    this.#options = options;
  }

  zones(): string[] {
    return [...this.#zones].sort();
  }

  /** Gives the shards out anew, by who is alive at this moment. */
  async shards(shards: readonly number[]): Promise<void> {
    const { signal, turn } = this.#options;
    signal.throwIfAborted();
    const members = await this.#members();
    const { assignments, unserved } = assignShards({
      shards,
      members,
      failures: this.#failuresOf,
      failuresMax,
      turn,
    });
    if (unserved.length > 0) throw this.#unavailable(unserved, members);
    await Promise.all(assignments.map((assignment) => this.#ask(assignment)));
  }

  async #ask({ member, shards }: Assignment): Promise<void> {
    const { ask, signal, logger } = this.#options;
    const missing = new Set(shards);
    const lease = new AbortController();
    const watch = this.#watchLease(member, missing, lease);
    try {
      await ask(member, shards, {
        signal: AbortSignal.any([signal, lease.signal]),
        onDone: (shard) => {
          missing.delete(shard);
          this.#zones.add(member.zone);
        },
      });
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ReplicaError) && !lease.signal.aborted) throw error;
      if (error instanceof ReplicaError && error.rejected) throw error;
      replicaFailures.inc({ member: member.name });
      logger.info(
        { member: member.name, shards: [...missing], reason: String(error) },
        'a replica failed during a query, its shards are asked elsewhere',
      );
    } finally {
      clearInterval(watch);
    }
    for (const shard of missing) {
      const key = failureKey(shard, member);
      this.#failures.set(key, (this.#failures.get(key) ?? 0) + 1);
    }
    if (missing.size > 0) await this.shards([...missing]);
  }

  /**
   * A process that hangs (or whose host is gone) answers nothing and closes nothing: only its lease
   * tells. It is given up as soon as another replica could do all that it still owes.
   */
  #watchLease(
    member: Member,
    missing: ReadonlySet<number>,
    lease: AbortController,
  ): NodeJS.Timeout {
    const check = async (): Promise<void> => {
      const members = await this.#members();
      if (members.some(({ name, pid }) => name === member.name && pid === member.pid)) return;
      const others = (shard: number): boolean =>
        members.some((other) => other.serving && other.shards.includes(shard));
      if ([...missing].every(others))
        lease.abort(new ReplicaError(`${member.name} lost its lease`));
    };
    const timer = setInterval(() => {
      // Redis being away says nothing about the replica: it goes on.
      check().catch(() => undefined);
    }, this.#options.leaseCheckMs ?? leaseCheckMs);
    return timer;
  }

  readonly #failuresOf = (shard: number, member: Member): number =>
    this.#failures.get(failureKey(shard, member)) ?? 0;

  async #members(): Promise<readonly Member[]> {
    const { members, zone } = this.#options;
    const live = await members.live();
    return zone === undefined ? live : live.filter((member) => member.zone === zone);
  }

  #unavailable(unserved: readonly number[], members: readonly Member[]): ApiError {
    const { zone } = this.#options;
    const where = zone === undefined ? '' : ` in zone "${zone}"`;
    const alive = members.map(
      ({ name, serving }) => `${name}${serving ? '' : ' (not serving yet)'}`,
    );
    return new ApiError(
      'UNAVAILABLE',
      `no replica of shards ${unserved.join(', ')} answers${where}; alive: ${alive.join(', ') || 'none'}`,
      { retryAfterSeconds: 1 },
    );
  }
}

/** By process, not by name: one that was restarted begins with a clean slate. */
function failureKey(shard: number, { name, pid }: Member): string {
  return `${shard} ${name} ${pid}`;
}
