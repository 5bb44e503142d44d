import { endTask } from '@arbor/db/shard-tasks';
import { closeConnection, createConsumerConnection } from '@arbor/queue/connection';
import { createDeadLetters, type DeadLetterStore } from '@arbor/queue/dead-letters';
import { createLogger } from '@arbor/runtime/logger';
import type { Member } from '@arbor/schema/cluster';
import type { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { createIdentifierDigest } from '../erased/identifier-digest.ts';
import type { IdentityChange } from '../identity/identity-changes.ts';
import type { JobsContext } from './jobs-context.ts';
import { jobsLimits } from './jobs-limits.ts';
import { runRequests } from './run-requests.ts';

const project = 890_010;
const shardCount = 4;
const digestOf = createIdentifierDigest('a-master-key-of-this-test');

let pool: pg.Pool;
let redis: Redis;
let deadLetters: DeadLetterStore;
beforeAll(async () => {
  pool = new pg.Pool({ connectionString: inject('databaseUrl') });
  redis = createConsumerConnection(inject('redisUrl'), () => undefined);
  deadLetters = createDeadLetters(redis, () => undefined);
  const { rows } = await pool.query<{ id: number }>(
    `INSERT INTO organizations (name) VALUES ('Requests') RETURNING id`,
  );
  await pool.query(
    `INSERT INTO projects (id, organization_id, name, token, timezone, spread)
     VALUES ($1, $2, 'Requests', 'requests-token', 'UTC', 2)`,
    [project, rows[0]?.id],
  );
});
const clear = async () => {
  const ownTables = ['identifiers', 'identity_links', 'user_moves', 'shard_tasks', 'catalog_files'];
  for (const table of [...ownTables, 'identity_splits', 'erased_identifiers']) {
    await pool.query(`DELETE FROM ${table} WHERE project = $1`, [project]);
  }
  await pool.query('DELETE FROM data_requests WHERE project_id = $1', [project]);
};
beforeEach(clear);
afterAll(async () => {
  await clear();
  await pool.query('DELETE FROM projects WHERE id = $1', [project]);
  await pool.query(`DELETE FROM organizations WHERE name = 'Requests'`);
  await deadLetters.close();
  closeConnection(redis);
  await pool.end();
});

/** A process of the role, as it is born: everything it knows comes from the database. */
function world() {
  const state = {
    now: Date.now(),
    drained: false,
    members: [] as Member[],
    changes: [] as IdentityChange[],
    errors: [] as Error[],
  };
  const context: JobsContext = {
    pool,
    databaseUrl: inject('databaseUrl'),
    redis,
    deadLetters,
    shardCount,
    zones: ['a', 'b'],
    digestOf,
    members: () => Promise.resolve(state.members),
    isDrained: () => Promise.resolve(state.drained),
    publish: (change) => Promise.resolve(void state.changes.push(change)),
    delayMs: 10_000,
    clock: () => state.now,
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    logger: createLogger({ name: 'test', level: 'silent' }),
    onError: (error) => void state.errors.push(error),
  };
  return { state, run: () => runRequests(context) };
}

const addRequest = (kind: 'access' | 'erasure', identifiers: readonly string[], now: number) =>
  pool.query(
    `INSERT INTO data_requests (id, project_id, kind, compliance_type, distinct_ids, distinct_id_count,
       requested_by, created_at) VALUES ('h4-request', $1, $2, 'GDPR', $3, 1, 'admin', $4)`,
    [project, kind, JSON.stringify(identifiers), new Date(now)],
  );
const request = async () => {
  const { rows } = await pool.query<{
    status: string;
    result: Record<string, unknown> | null;
    ids: unknown;
  }>(`SELECT status, result, distinct_ids AS ids FROM data_requests WHERE id = 'h4-request'`);
  return rows[0];
};
const tasks = async () => {
  const { rows } = await pool.query<{ id: string; shard: number; task: unknown; state: string }>(
    'SELECT id::text AS id, shard, task, state FROM shard_tasks WHERE project = $1 ORDER BY id',
    [project],
  );
  return rows;
};
const addIdentifiers = (canonical: string, identifiers: readonly string[]) =>
  pool.query(
    `INSERT INTO identifiers (project, identifier, canonical, kind)
     SELECT $1, unnest($3::text[]), $2, 'identified'`,
    [project, canonical, identifiers],
  );
const known = async () => {
  const { rows } = await pool.query<{ identifier: string }>(
    'SELECT identifier FROM identifiers WHERE project = $1 ORDER BY identifier',
    [project],
  );
  return rows.map(({ identifier }) => identifier);
};

/** What is kept of who was erased, in order. */
const digests = async () => {
  const { rows } = await pool.query<{ digest: string; erasedAt: Date }>(
    `SELECT encode(digest, 'hex') AS digest, erased_at AS "erasedAt" FROM erased_identifiers
     WHERE project = $1 ORDER BY 1`,
    [project],
  );
  return rows;
};
const digestsOf = (identifiers: readonly string[]) =>
  identifiers.map((id) => digestOf(project, id).toString('hex')).sort();

/** Both zones, as the storage processes tell of themselves. */
function membersAt(version: number, logSince: number | null, shards: readonly number[]): Member[] {
  return ['a', 'b'].map((zone) => ({
    version: 1,
    name: `storage-${zone}`,
    zone,
    url: '',
    pid: 1,
    shards: [...shards],
    serving: true,
    lagMs: 0,
    kept: shards.map((shard) => ({ shard, version, logSince })),
  }));
}

const did = { events: 3, profiles: 1, properties: 2, files: 4, version: 7 };
async function endTasks(state: 'done' | 'failed', result: object): Promise<void> {
  for (const { id } of await tasks()) await endTask(pool, { id, state, result });
}

/** To the moment in which the shards are asked. */
async function begin(identifiers: readonly string[]) {
  const own = world();
  await addRequest('erasure', identifiers, own.state.now);
  await own.run();
  expect(await request()).toMatchObject({ status: 'STAGING' });
  own.state.now += 10_000;
  await own.run();
  expect(await request()).toMatchObject({ status: 'STARTED' });
  return own;
}

describe('requests for erasure', () => {
  it('wait until they cannot be cancelled any more, and forget who is who', async () => {
    await addIdentifiers('ann', ['ann', 'ann-phone']);
    await addIdentifiers('bob', ['bob']);
    await pool.query(
      `INSERT INTO identity_links (project, alias, winner, loser, batch_id, joined, refused) VALUES
         ($1, 'ann-phone', 'ann', 'ann-phone', 'b', 'ann', NULL),
         ($1, 'bob', 'cid', 'bob', 'b', 'cid', 'not joined: "ann" is another'),
         ($1, 'bob', 'cid', 'bob', 'b', 'cid', NULL)`,
      [project],
    );
    const { state } = await begin(['ann-phone']);
    expect(await known()).toEqual(['bob']);
    const { rows: links } = await pool.query(
      'SELECT alias, refused FROM identity_links WHERE project = $1',
      [project],
    );
    expect(links).toEqual([{ alias: 'bob', refused: null }]);
    expect(state.changes).toMatchObject([{ version: 2, project }]);
    expect((await digests()).map(({ digest }) => digest)).toEqual(digestsOf(['ann', 'ann-phone']));
  });

  it('ask every shard of the project once what was under way is stored, and wait for all zones', async () => {
    await addIdentifiers('ann', ['ann']);
    const { state, run } = await begin(['ann']);
    state.now += 5000;
    await run();
    expect(await tasks()).toEqual([]);
    // A batch that was under way brought an identifier back, with another one.
    await addIdentifiers('ann', ['ann', 'ann-tablet']);
    state.drained = true;
    await run();
    const asked = await tasks();
    expect(asked.map(({ shard }) => shard)).toHaveLength(2);
    expect(asked[0]?.task).toMatchObject({
      type: 'erase',
      users: ['ann', 'ann-tablet'],
      identifiers: ['ann', 'ann-tablet'],
    });
    expect(await known()).toEqual([]);

    await endTasks('done', did);
    const shards = asked.map(({ shard }) => shard);
    const drainedAt = state.now;
    for (const [version, logSince] of [
      [6, null],
      [7, drainedAt - 1],
    ] as const) {
      state.members = membersAt(version, logSince, shards);
      await run();
      expect(await request()).toMatchObject({
        result: { progress: 'waiting until every zone serves the new files' },
      });
    }
    // A zone that is away is waited for: to write files anew again would not bring it back.
    state.members = membersAt(7, drainedAt, shards).slice(1);
    state.now += jobsLimits.replicaRoundMs + 1;
    await run();
    expect(await request()).toMatchObject({ status: 'STARTED' });
    expect(await tasks()).toHaveLength(2);

    // Rewritten once more where a row log does not go.
    state.members = membersAt(7, drainedAt - 1, shards);
    await run();
    expect(await tasks()).toHaveLength(4);
    await endTasks('done', { ...did, events: 0, profiles: 0, properties: 0, files: 0 });

    await pool.query(
      `INSERT INTO catalog_files (shard, project, kind, generation, object_key, bytes, row_count, meta,
         added_version, removed_version, removed_at, purge)
       VALUES (0, $1, 'users', 1, 'h4-purged', 1, 1, '{}', 1, 2, now(), true)`,
      [project],
    );
    state.members = membersAt(7, null, shards);
    await run();
    expect(await request()).toMatchObject({
      result: { progress: 'waiting until the replaced files are deleted' },
    });
    await pool.query('DELETE FROM catalog_files WHERE project = $1', [project]);
    await run();
    expect(state.errors).toEqual([]);
    expect(await request()).toEqual({
      status: 'SUCCESS',
      ids: null,
      result: {
        type: 'erased',
        receipt: {
          id: 'h4-request',
          events: 6,
          profiles: 2,
          properties: 4,
          files: 8,
          aliases: 1,
          finishedAt: new Date(state.now).toISOString(),
        },
      },
    });
  });

  it('keep digests of who is linked meanwhile, and when the others were erased', async () => {
    await addIdentifiers('ann', ['ann']);
    const { state, run } = await begin(['ann']);
    const [before] = await digests();
    await addIdentifiers('ann', ['ann', 'ann-tablet']);
    state.now += 5000;
    state.drained = true;
    await run();
    const after = await digests();
    expect(after.map(({ digest }) => digest)).toEqual(digestsOf(['ann', 'ann-tablet']));
    expect(after).toContainEqual(before);
    expect(state.errors).toEqual([]);
  });

  it('do not end while a batch of before is stuck in a queue: it would bring the user back', async () => {
    await addIdentifiers('ann', ['ann']);
    const { state, run } = await begin(['ann']);
    state.now += jobsLimits.drainMsMax + 1;
    await run();
    const shards = (await tasks()).map(({ shard }) => shard);
    expect(shards).toHaveLength(2);
    await endTasks('done', did);
    state.members = membersAt(7, null, shards);
    await run();
    expect(await request()).toMatchObject({
      status: 'STARTED',
      result: { progress: 'waiting until every zone serves the new files' },
    });
    // The batch comes through, and brings the user back: all is written anew once more, without him.
    await addIdentifiers('ann', ['ann']);
    state.drained = true;
    await run();
    expect(await known()).toEqual([]);
    expect(await tasks()).toHaveLength(4);
    await endTasks('done', { ...did, events: 1 });
    await run();
    expect(await request()).toMatchObject({ status: 'SUCCESS', result: { type: 'erased' } });
    expect(state.errors).toEqual([]);
  });

  it('fail for now where a batch stays stuck, or a zone away', async () => {
    const { state, run } = await begin(['ann']);
    state.now += jobsLimits.drainMsMax + 1;
    await run();
    await endTasks('done', did);
    await run();
    state.now += jobsLimits.stepMsMax + 1;
    await run();
    expect(await request()).toMatchObject({
      status: 'FAILURE',
      result: { reason: expect.stringMatching(/^no storage process of zone a has shard \d$/) },
    });
    await pool.query(`UPDATE data_requests SET ended_at = 'epoch' WHERE id = 'h4-request'`);
    await run();
    await endTasks('done', did);
    state.members = membersAt(
      7,
      null,
      (await tasks()).map(({ shard }) => shard),
    );
    await run();
    state.now += jobsLimits.stepMsMax + 1;
    await run();
    expect(await request()).toMatchObject({
      status: 'FAILURE',
      result: { reason: 'batches of before the erasure are still in the queues' },
    });
  });

  it('say why they failed, and are tried again', async () => {
    const { state, run } = await begin(['ann']);
    state.drained = true;
    state.now += 5000;
    await run();
    await endTasks('failed', { reason: 'no such task' });
    await run();
    expect(await request()).toMatchObject({
      status: 'FAILURE',
      result: { type: 'failed', reason: 'no such task' },
    });
    await run();
    expect(await tasks()).toHaveLength(2);
    await pool.query(`UPDATE data_requests SET ended_at = 'epoch' WHERE id = 'h4-request'`);
    await run();
    expect(await tasks()).toHaveLength(4);
    expect(await request()).toMatchObject({ status: 'STARTED' });
  });

  it('wait for rows that are on their way between shards', async () => {
    await addIdentifiers('ann', ['ann']);
    const own = world();
    await addRequest('erasure', ['ann'], own.state.now - 10_000);
    await pool.query(
      `INSERT INTO user_moves (project, loser, winner, from_shard, to_shard) VALUES ($1, 'x', 'ann', 0, 1)`,
      [project],
    );
    await own.run();
    await own.run();
    expect(await request()).toMatchObject({ status: 'STAGING' });
    await pool.query(`UPDATE user_moves SET state = 'done' WHERE project = $1`, [project]);
    await own.run();
    expect(await request()).toMatchObject({ status: 'STARTED' });
    const { rows } = await pool.query('SELECT loser, winner FROM user_moves WHERE project = $1', [
      project,
    ]);
    expect(rows).toEqual([{ loser: '', winner: '' }]);
  });

  it('never start once they were cancelled', async () => {
    const own = world();
    await addRequest('erasure', ['ann'], own.state.now - 20_000);
    await own.run();
    await pool.query(`UPDATE data_requests SET status = 'REVOKED' WHERE id = 'h4-request'`);
    await own.run();
    expect(await request()).toMatchObject({ status: 'REVOKED' });
    expect(own.state.changes).toEqual([]);
  });
});

describe('requests for access', () => {
  it('are ready at once, and forget who they are about when their link expires', async () => {
    const { state, run } = world();
    await addRequest('access', ['ann'], state.now);
    await run();
    const expiresAt = state.now + jobsLimits.linkMs;
    expect(await request()).toEqual({
      status: 'SUCCESS',
      ids: ['ann'],
      result: { type: 'ready', expiresAt },
    });
    state.now = expiresAt + 1;
    await run();
    expect(await request()).toMatchObject({ status: 'SUCCESS', ids: null });
  });
});
