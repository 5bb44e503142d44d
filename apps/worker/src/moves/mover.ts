import {
  endedTakeOuts,
  greatestUnfinished,
  setCopied,
  setDone,
  setTask,
  type UnfinishedMove,
  unfinishedMoves,
  usersToDivide,
} from '@arbor/db/moves';
import { addTask } from '@arbor/db/shard-tasks';
import { inTransaction } from '../identity/database.ts';
import { type CopiedMove, copyMoves } from './copy-moves.ts';
import type { MoverContext } from './mover-context.ts';

/** First keys of the advisory locks of movers; the second one is the project. */
const locks = { copy: 72_707_373, settle: 72_707_374 } as const;

/**
 * Brings users to the shard of those they were merged into (docs/decisions/0002). Every storage process runs one; of a project
 * one works at a time, and whoever takes over goes on from what the database says: nothing is remembered here
 * but when something was done last.
 */
export class Mover {
  readonly #context: MoverContext;
  readonly #signal: AbortSignal;
  /** By project: when what is late was looked for, and whether moves are settled. */
  readonly #lateAt = new Map<number, number>();
  readonly #settledAt = new Map<number, number>();
  /** By move: rows that the memory of the old shard had when it was last looked through. */
  readonly #memoryRows = new Map<number, number>();
  /** By project and shard. */
  readonly #takenOutAt = new Map<string, number>();

  constructor(context: MoverContext, signal: AbortSignal) {
    this.#context = context;
    this.#signal = signal;
  }

  /** Copies the users whom queries wait for. */
  copy(): Promise<void> {
    return this.#eachProject('copy', (moves) => this.#copyPending(moves));
  }

  /** Does for those who were copied what is due; beside `copy`, which must not wait for it. */
  settle(): Promise<void> {
    return this.#eachProject('settle', (moves) => this.#settle(moves));
  }

  async #eachProject(
    lock: keyof typeof locks,
    work: (moves: readonly UnfinishedMove[]) => Promise<void>,
  ): Promise<void> {
    const { pool } = this.#context;
    const failures: unknown[] = [];
    for (const project of (await greatestUnfinished(pool)).keys()) {
      if (this.#signal.aborted) return;
      // What goes wrong with one project is tried again, and holds up no other.
      await this.#alone(locks[lock], project, async () => {
        await work(await unfinishedMoves(pool, project));
      }).catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }

  /** A process that dies, or whose connection breaks, loses the lock; that two work at once does no harm. */
  async #alone(lock: number, project: number, work: () => Promise<void>): Promise<void> {
    const client = await this.#context.pool.connect();
    let broken: Error | undefined;
    try {
      const { rows } = await client.query<{ taken: boolean }>(
        'SELECT pg_try_advisory_lock($1, $2) AS taken',
        [lock, project],
      );
      if (rows[0]?.taken !== true) return;
      await work();
      await client.query('SELECT pg_advisory_unlock($1, $2)', [lock, project]);
    } catch (error) {
      // Ends the session, and with it the lock.
      broken = error instanceof Error ? error : new Error(String(error));
      throw error;
    } finally {
      client.release(broken);
    }
  }

  async #settle(moves: readonly UnfinishedMove[]): Promise<void> {
    const [first] = moves;
    if (first === undefined) return;
    const { project } = first;
    const copied = moves.filter(({ state }) => state === 'copied');
    await this.#copyLate(project, copied);
    if (!this.#isDue(this.#settledAt, project, this.#context.limits.settledEveryMs)) return;
    await this.#takeOut(project, moves);
    await this.#end(copied);
  }

  async #copyPending(moves: readonly UnfinishedMove[]): Promise<void> {
    const pending = await this.#ready(moves.filter(({ state }) => state === 'pending'));
    const { pool, limits, clock, logger } = this.#context;
    // In order, and said to be copied as soon as they are: queries wait for every one of them.
    for (let start = 0; start < pending.length; start += limits.movesAtOnce) {
      const some = pending.slice(start, start + limits.movesAtOnce);
      const began = clock();
      await copyMoves(this.#context, some, { from: 'everywhere', signal: this.#signal });
      await setCopied(
        pool,
        some.map(({ id }) => id),
      );
      logger.debug({ moves: some.length, ms: clock() - began }, 'users were copied');
    }
  }

  /** Without those of users who are being divided off, and whatever comes after these. */
  async #ready(pending: readonly UnfinishedMove[]): Promise<UnfinishedMove[]> {
    const divided = pending.filter(({ sequence }) => sequence === null);
    const [first] = divided;
    if (first === undefined) return [...pending];
    const users = divided.map(({ loser }) => loser);
    const waiting = await usersToDivide(this.#context.pool, first.project, users);
    const end = pending.findIndex(({ sequence, loser }) => sequence === null && waiting.has(loser));
    return pending.slice(0, end < 0 ? pending.length : end);
  }

  /**
   * Rows that were resolved before a link and came after the copy: they are left out of queries until they are copied too.
   * Nearly all come within milliseconds, and are in memory then; for the others there is the last copy.
   */
  async #copyLate(project: number, copied: readonly UnfinishedMove[]): Promise<void> {
    const { clock, limits } = this.#context;
    const since = clock() - limits.lateSoughtMs;
    const fresh = copied.filter(({ copiedAt }) => copiedAt !== null && copiedAt > since);
    if (fresh.length === 0 || !this.#isDue(this.#lateAt, project, limits.lateEveryMs)) return;
    const options = { from: 'memory', firstRows: this.#memoryRows, signal: this.#signal } as const;
    const found = await copyMoves(this.#context, fresh, options);
    for (const [id, { memoryRows }] of found) this.#memoryRows.set(id, memoryRows);
  }

  /**
   * The last copy of settled moves, and the task that takes the rows out of the shard.
   *
   * **Invariant:** no row of the loser reaches the old shard after the last copy began. Who resolves a batch after the link
   * was committed looks into the map, or remembers what it said at most `settleMs` before; so a batch that was resolved
   * for the loser was on an ingest queue before `createdAt` + `settleMs`. All jobs of that time are done, those of
   * ingest queues looked at first: then all that they put on store queues is there or done too, and of that all that
   * is older is done. (The bulk import goes past the queues: while one runs that names the loser, it must be repeated.)
   */
  async #takeOut(project: number, moves: readonly UnfinishedMove[]): Promise<void> {
    const { limits, isDrained } = this.#context;
    const waiting = this.#settledMoves(project, moves);
    const settled = Math.max(...waiting.map(({ createdAt }) => createdAt)) + limits.settleMs;
    if (waiting.length === 0 || !(await isDrained(settled))) return;
    const options = { from: 'everywhere', signal: this.#signal } as const;
    const found = await copyMoves(this.#context, waiting, options);
    const ready = await this.#withoutJoined(project, waiting, found);
    for (const shard of new Set(ready.map(({ fromShard }) => fromShard))) {
      const own = ready.filter(({ fromShard }) => fromShard === shard);
      const names = own.flatMap(({ id, loser }) => [loser, ...(found.get(id)?.ids ?? [])]);
      await this.#askTakeOut(project, shard, { moves: own, users: [...new Set(names)] });
      for (const { id } of own) this.#memoryRows.delete(id);
      this.#takenOutAt.set(`${project} ${shard}`, this.#context.clock());
    }
  }

  /** Those that are old enough, unless an earlier one of the same user, whose rows may still come, is not. */
  #settledMoves(project: number, moves: readonly UnfinishedMove[]): UnfinishedMove[] {
    const { clock, limits } = this.#context;
    const old = clock() - limits.settleMs;
    const open = new Set<string>();
    return moves.filter(({ task, createdAt, copiedAt, fromShard, loser, winner }) => {
      if (task !== null) return false;
      const isOld = createdAt < old && (copiedAt ?? Infinity) < old;
      const isFree = !open.has(loser) && !open.has(winner);
      if (isOld && isFree && this.#mayTakeOut(project, fromShard)) return true;
      open.add(loser).add(winner);
      return false;
    });
  }

  /**
   * Those with whom nobody counts as one user in the shard who leaves it, too, and of whom rows may still come: who was joined to
   * them since is found with them there. Whoever is joined later than that is told apart by the task itself.
   */
  async #withoutJoined(
    project: number,
    waiting: readonly UnfinishedMove[],
    found: ReadonlyMap<number, CopiedMove>,
  ): Promise<UnfinishedMove[]> {
    const isWaiting = new Set(waiting.map(({ id }) => id));
    // Read after the copy: whose link was there has a move by now.
    const open = (await unfinishedMoves(this.#context.pool, project)).filter(
      ({ id, task }) => task === null && !isWaiting.has(id),
    );
    const leaving = new Set(open.map(({ fromShard, loser }) => `${fromShard} ${loser}`));
    return waiting.filter(
      ({ id, fromShard }) =>
        !(found.get(id)?.ids ?? []).some((name) => leaving.has(`${fromShard} ${name}`)),
    );
  }

  #mayTakeOut(project: number, shard: number): boolean {
    const { clock, limits } = this.#context;
    const last = this.#takenOutAt.get(`${project} ${shard}`) ?? -Infinity;
    return clock() - last >= limits.takeOutEveryMs;
  }

  async #askTakeOut(
    project: number,
    shard: number,
    { moves, users }: { readonly moves: readonly UnfinishedMove[]; readonly users: string[] },
  ): Promise<void> {
    const ids = moves.map(({ id }) => id);
    await inTransaction(this.#context.pool, async (client) => {
      // Nothing of theirs comes any more, so all that is there goes.
      const task = { type: 'take_out', users, until: Number.MAX_SAFE_INTEGER } as const;
      const added = await addTask(client, { shard, project, task });
      const taken = await setTask(client, ids, added);
      if (taken !== ids.length) throw new Error('another process takes the same users out');
    });
  }

  /** A move is done when no replica that serves has anything of it in the old shard. */
  async #end(copied: readonly UnfinishedMove[]): Promise<void> {
    const { pool, members, logger } = this.#context;
    const asked = copied.flatMap((move) =>
      move.task === null ? [] : [{ ...move, task: move.task }],
    );
    if (asked.length === 0) return;
    const ended = await endedTakeOuts(pool, [...new Set(asked.map(({ task }) => task))]);
    const live = await members();
    for (const { task, state, version } of ended) {
      const moves = asked.filter((move) => move.task === task);
      if (state === 'failed') {
        logger.error({ task, moves: moves.map(({ id }) => id) }, 'moved users were not taken out');
        continue;
      }
      const isTakenIn = ({ fromShard }: UnfinishedMove): boolean =>
        live.every(({ shards, kept }) => {
          if (!shards.includes(fromShard)) return true;
          const own = kept?.find(({ shard }) => shard === fromShard);
          return own !== undefined && own.version >= (version ?? Infinity);
        });
      const done = moves.filter(isTakenIn);
      // Read before the task ended: it may have left some of them where they are.
      await setDone(
        pool,
        done.map(({ id }) => id),
        task,
      );
    }
  }

  #isDue<Key>(times: Map<Key, number>, key: Key, everyMs: number): boolean {
    const now = this.#context.clock();
    if (now - (times.get(key) ?? -Infinity) < everyMs) return false;
    times.set(key, now);
    return true;
  }
}
