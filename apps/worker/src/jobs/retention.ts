import { addTask } from '@arbor/db/shard-tasks';
import type { ShardTask } from '@arbor/schema/shard-task';
import type pg from 'pg';
import { inTransaction } from '../identity/database.ts';
import { shardsOf } from './erase-users.ts';

const dayMs = 86_400_000;

/** The first day, since 1970-01-01 UTC, whose events a project that keeps so many days keeps today. */
export function firstKeptDay(nowMs: number, retentionDays: number): number {
  return Math.floor(nowMs / dayMs) - retentionDays;
}

/**
 * Lets days expire that projects do not keep any more (`projects.retention_days`): asks each shard of theirs once a day, and
 * again when the rule gets shorter. What was asked for is remembered by this object alone: asking twice does no harm.
 */
export class Retention {
  readonly #pool: pg.Pool;
  readonly #shardCount: number;
  readonly #clock: () => number;
  /** By project: the day that was asked for last. */
  readonly #asked = new Map<number, number>();

  constructor(options: { pool: pg.Pool; shardCount: number; clock: () => number }) {
    this.#pool = options.pool;
    this.#shardCount = options.shardCount;
    this.#clock = options.clock;
  }

  /** Answers how many projects had days that are over. */
  async run(): Promise<number> {
    const { rows } = await this.#pool.query<{ id: number; days: number }>(
      'SELECT id, retention_days AS days FROM projects WHERE retention_days IS NOT NULL ORDER BY id',
    );
    let count = 0;
    for (const { id, days } of rows) {
      const beforeDay = firstKeptDay(this.#clock(), days);
      if ((this.#asked.get(id) ?? -Infinity) >= beforeDay) continue;
      await this.#ask(id, beforeDay);
      this.#asked.set(id, beforeDay);
      count++;
    }
    return count;
  }

  /** One that waits for a shard already is enough. */
  async #ask(project: number, beforeDay: number): Promise<void> {
    const task: ShardTask = { type: 'expire', beforeDay };
    await inTransaction(this.#pool, async (client) => {
      for (const shard of await shardsOf(client, project, this.#shardCount)) {
        const { rowCount } = await client.query(
          `SELECT FROM shard_tasks WHERE state = 'waiting' AND shard = $1 AND project = $2
             AND task->>'type' = 'expire' AND (task->>'beforeDay')::int >= $3`,
          [shard, project, beforeDay],
        );
        if (rowCount === 0) await addTask(client, { shard, project, task });
      }
    });
  }
}
