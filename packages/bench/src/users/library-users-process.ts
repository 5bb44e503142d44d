import { randomUUID } from 'node:crypto';
import { encodeRowBatch } from '@arbor/engine/batch';
import { type Query, querySchema } from '@arbor/schema/query';
import type { QueryResult } from '@arbor/schema/result';
import { benchProject, benchShard } from '../arbor/bench-project.ts';
import { endWith, programJob } from '../child-process.ts';
import { LibraryEngine, type LibraryFiles } from '../library/library-engine.ts';
import { type AskedUsers, measureUsers } from './measure-users.ts';

/** Program: lists of users and feeds, of the engine as a library. */
const engine = await LibraryEngine.open(programJob<LibraryFiles>());
const figures = await measureUsers(askedUsers());
await engine.close();
endWith(figures);

function askedUsers(): AskedUsers {
  let sent = 0;
  return {
    cpuMs: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1000;
    },
    list: async (users) =>
      only(await engine.ask(querySchema.parse({ type: 'users', ...users })), 'users'),
    feed: async (user, cursor) => {
      const { events, next } = only(await engine.ask(feedQuery(user, cursor)), 'list');
      return { events: events.length, next };
    },
    report: async (query) => void (await engine.ask(querySchema.parse(query))),
    send: (user) => engine.append(batchOf(user, ++sent)),
  };
}

function only<T extends QueryResult['type']>(
  result: QueryResult,
  type: T,
): Extract<QueryResult, { type: T }> {
  if (result.type !== type) throw new Error(`asked for ${type}, was answered with ${result.type}`);
  return result as Extract<QueryResult, { type: T }>;
}

/** What the api asks for a feed. */
function feedQuery(user: string, cursor: string | undefined): Query {
  return querySchema.parse({
    type: 'list',
    of: {
      type: 'insights',
      range: { from: '1970-01-01', to: '2100-01-01' },
      unit: 'year',
      metrics: [{ selector: { anyOf: [{ event: null }] }, measure: { type: 'total' } }],
      filters: [
        {
          type: 'property',
          property: { scope: 'person', name: '$distinct_id' },
          operator: 'equals',
          values: [user],
        },
      ],
    },
    point: { type: 'insights', metric: 0 },
    what: 'events',
    counted: false,
    limit: 100,
    cursor,
  });
}

function batchOf(user: string, sequence: number): Uint8Array {
  const now = Date.now();
  return encodeRowBatch({
    batchId: randomUUID(),
    project: benchProject.id,
    shard: benchShard,
    sequence,
    receivedAt: now,
    events: [
      {
        event: 'Page viewed',
        time: now,
        sentTime: now,
        distinctId: user,
        user,
        insertId: randomUUID(),
        position: 0,
        properties: {},
      },
    ],
    persons: [],
    links: [],
  });
}
