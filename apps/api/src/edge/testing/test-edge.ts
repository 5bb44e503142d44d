import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { type IngestBatch, ingestBatchSchema, type IngestRecord } from '@arbor/schema/ingest';
import type { RejectedEntry } from '@arbor/schema/live';
import { registerEdge } from '../edge.ts';
import {
  defaultEdgeSettings,
  type EdgeDeps,
  type EdgeOptions,
  type EdgeProject,
  type EdgeSettings,
  type ImportCredential,
  type IngestQueue,
  type LaneState,
} from '../ports.ts';

/** 2026-03-04T12:00:00Z, the time at which every request of these tests arrives. */
export const now = Date.UTC(2026, 2, 4, 12);

/** Queues in which nothing waits. */
export const calm = (): LaneState => ({ behindMs: 0, at: now });

/** Two projects by token; the first also by its secret and by a service account. */
export const shop = { id: 7, token: 'shop-token', secret: 'shop-secret' };
export const blog = { id: 8, token: 'blog-token' };
export const account = { username: 'importer', secret: 'pa:ss', projectId: shop.id };

export interface TestEdge {
  readonly app: FastifyInstance;
  /** What reached the queues; each was checked against the contract first. */
  readonly batches: { queue: IngestQueue; batch: IngestBatch }[];
  readonly rejected: { project: number; entry: RejectedEntry }[];
  /** Records of all batches, in order. */
  records(): IngestRecord[];
}

export interface TestEdgeOptions {
  readonly settings?: Partial<EdgeSettings>;
  readonly deps?: Partial<EdgeDeps>;
  readonly options?: Partial<EdgeOptions>;
  readonly fastify?: FastifyServerOptions;
}

/** The edge with everything around it in memory. */
export function createTestEdge(test: TestEdgeOptions = {}): TestEdge {
  const batches: TestEdge['batches'] = [];
  const rejected: TestEdge['rejected'] = [];
  const settings = { ...defaultEdgeSettings, ...test.settings };
  const byId = (id: number): EdgeProject => ({ id, settings });
  const tokens = new Map([
    [shop.token, byId(shop.id)],
    [blog.token, byId(blog.id)],
  ]);
  const byCredential = (credential: ImportCredential): EdgeProject | null => {
    if (credential.type === 'service-account') {
      const { username, secret, projectId } = credential;
      const isRight = username === account.username && secret === account.secret;
      return isRight && projectId === account.projectId ? byId(projectId) : null;
    }
    if (credential.value === shop.secret) return byId(shop.id);
    return tokens.get(credential.value) ?? null;
  };
  const app = Fastify(test.fastify ?? {});
  registerEdge(app, {
    projects: {
      byToken: (token) => tokens.get(token) ?? null,
      byCredential: (credential) => Promise.resolve(byCredential(credential)),
    },
    producer: {
      add: (queue, batch) => {
        // Through JSON, as the queue takes it: what cannot be written there must not pass here.
        const copy: unknown = JSON.parse(JSON.stringify(batch));
        batches.push({ queue, batch: ingestBatchSchema.parse(copy) });
        return Promise.resolve();
      },
    },
    backpressure: { overloaded: () => null, stateOf: calm },
    live: {
      publishRejected: (project, entries) => {
        for (const entry of entries) rejected.push({ project, entry });
      },
    },
    clock: () => now,
    addressKey: 'key of the tests',
    dayKeys: (day) => Promise.resolve(Buffer.from(`key of day ${day}`)),
    logger: { error: () => {}, info: () => {} },
    ...test.deps,
    options: { batchDelayMs: 1, producerPatienceMs: 0, ...test.options },
  });
  return { app, batches, rejected, records: () => batches.flatMap(({ batch }) => batch.records) };
}

export const base64 = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64');

export const basic = (username: string, secret = ''): string =>
  `Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}`;

export const event = (
  properties: Record<string, unknown> = {},
  name: unknown = 'Order completed',
): { event: unknown; properties: Record<string, unknown> } => ({
  event: name,
  properties: { token: shop.token, distinct_id: 'ada', ...properties },
});
