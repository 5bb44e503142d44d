import type { IncomingMessage, ServerResponse } from 'node:http';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Member } from '@arbor/schema/cluster';
import { clusterKeyHeader, type LqsMoves } from '@arbor/schema/lqs';

export const clusterKey = 'the-cluster-key-of-these-tests';

export interface FakeRequest {
  readonly path: string;
  readonly project: number;
  readonly shards: readonly number[];
  readonly moves?: LqsMoves;
  readonly together?: boolean;
}

/** What a fake replica does with one request. */
export type Behaviour = (request: FakeRequest, response: ServerResponse) => void | Promise<void>;

/** A storage process as the query server sees it: real HTTP, invented answers. */
export interface FakeLqs {
  readonly member: Member;
  readonly requests: FakeRequest[];
  behave: Behaviour;
  close(): Promise<void>;
}

export const shardLine = (shard: number): string =>
  `${JSON.stringify({ type: 'shard', shard, rowsScanned: 10, partials: [2 ** shard, 0] })}\n`;

export const endLine = `${JSON.stringify({ type: 'end' })}\n`;

/** Every shard that was asked, then the end. The partial of shard n is 2ⁿ: a sum tells which were counted. */
export const answerAll: Behaviour = (request, response) => {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  for (const shard of request.shards) response.write(shardLine(shard));
  response.end(endLine);
};

export async function startFakeLqs(
  zone: string,
  shards: readonly number[],
  behave: Behaviour = answerAll,
): Promise<FakeLqs> {
  const requests: FakeRequest[] = [];
  const server = http.createServer((incoming, response) => {
    void receive(incoming).then((request) => {
      if (incoming.headers[clusterKeyHeader] !== clusterKey) {
        response.writeHead(401).end('wrong cluster key');
        return;
      }
      requests.push(request);
      void fake.behave(request, response);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const fake: FakeLqs = {
    member: {
      version: 1,
      name: `storage-${zone}`,
      zone,
      url: `http://127.0.0.1:${port}`,
      pid: port,
      shards: [...shards],
      serving: true,
      lagMs: 0,
    },
    requests,
    behave,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return fake;
}

async function receive(incoming: IncomingMessage): Promise<FakeRequest> {
  let text = '';
  for await (const chunk of incoming) text += String(chunk);
  return { path: incoming.url ?? '', ...(JSON.parse(text) as Omit<FakeRequest, 'path'>) };
}
