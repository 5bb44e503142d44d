import http from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * As much of the S3 protocol as the object store uses, over real HTTP and in memory: conditional puts,
 * ranges, lists by pages, deletes of many. The servers of npm that were tried ignore `If-None-Match`.
 */
export interface S3TestServer {
  readonly endpoint: string;
  /** Requests so far, as "PUT /bucket/key". */
  readonly requests: string[];
  /** Answers the next requests with this status instead of doing them. */
  failNext(status: number, count?: number): void;
  /** Announces whole bodies of the next answers, but closes the connection half-way. */
  cutNext(count?: number): void;
  close(): Promise<void>;
}

type Stored = { readonly bytes: Buffer; readonly modifiedAt: Date };
type Answer = {
  readonly status: number;
  readonly body?: string | Buffer;
  readonly headers?: Record<string, string>;
};

export async function startS3TestServer(bucket: string): Promise<S3TestServer> {
  const objects = new Map<string, Stored>();
  const requests: string[] = [];
  const faults = { status: 0, fails: 0, cuts: 0 };
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://s3');
      requests.push(`${request.method} ${decodeURIComponent(url.pathname)}`);
      if (faults.fails > 0) {
        faults.fails--;
        return send(response, failure(faults.status, 'InternalError'));
      }
      const answer = handle(objects, bucket, { request, url, body: Buffer.concat(chunks) });
      if (faults.cuts > 0 && answer.body !== undefined) {
        faults.cuts--;
        response.writeHead(answer.status, { 'content-length': String(answer.body.length) });
        response.write(answer.body.slice(0, answer.body.length >> 1), () => response.destroy());
        return;
      }
      return send(response, answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    failNext: (status, count = 1) => Object.assign(faults, { status, fails: count }),
    cutNext: (count = 1) => Object.assign(faults, { cuts: count }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(response: http.ServerResponse, { status, body = '', headers = {} }: Answer): void {
  response.writeHead(status, {
    'content-type': 'application/xml',
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  });
  response.end(body);
}

type Request = {
  readonly request: http.IncomingMessage;
  readonly url: URL;
  readonly body: Buffer;
};

function handle(objects: Map<string, Stored>, bucket: string, given: Request): Answer {
  const { request, url, body } = given;
  const [, name = '', key = ''] = /^\/([^/]+)\/?(.*)$/.exec(decodeURIComponent(url.pathname)) ?? [];
  if (name !== bucket) return failure(404, 'NoSuchBucket');
  if (!(request.headers.authorization ?? '').startsWith('AWS4-HMAC-SHA256 ')) {
    return failure(403, 'AccessDenied');
  }
  if (request.method === 'GET' && key === '') return list(objects, url.searchParams);
  if (request.method === 'GET') return get(objects.get(key), request.headers.range);
  if (request.method === 'PUT') return put(objects, key, given);
  if (request.method === 'POST' && url.searchParams.has('delete')) {
    for (const [, text = ''] of body.toString().matchAll(/<Key>(.*?)<\/Key>/g))
      objects.delete(text);
    return { status: 200, body: '<DeleteResult></DeleteResult>' };
  }
  return failure(501, 'NotImplemented');
}

function put(objects: Map<string, Stored>, key: string, { request, body }: Request): Answer {
  const hash = String(request.headers['x-amz-content-sha256']);
  // Bodies in signed chunks would have to be taken apart; the store sends none.
  if (hash.startsWith('STREAMING')) return failure(501, 'NotImplemented');
  if (request.headers['if-none-match'] === '*' && objects.has(key)) {
    return failure(412, 'PreconditionFailed');
  }
  objects.set(key, { bytes: body, modifiedAt: new Date() });
  return { status: 200, headers: { etag: '"0"' } };
}

function get(stored: Stored | undefined, range: string | undefined): Answer {
  if (stored === undefined) return failure(404, 'NoSuchKey');
  const { bytes } = stored;
  if (range === undefined) return { status: 200, body: bytes };
  const [, first = '0', last = ''] = /^bytes=(\d+)-(\d*)$/.exec(range) ?? [];
  const start = Number(first);
  if (start >= bytes.length) return failure(416, 'InvalidRange');
  const end = Math.min(bytes.length, last === '' ? bytes.length : Number(last) + 1);
  const headers = { 'content-range': `bytes ${start}-${end - 1}/${bytes.length}` };
  return { status: 206, body: bytes.subarray(start, end), headers };
}

function list(objects: ReadonlyMap<string, Stored>, query: URLSearchParams): Answer {
  const prefix = query.get('prefix') ?? '';
  const after = query.get('continuation-token') ?? '';
  const size = Number(query.get('max-keys') ?? 1000);
  const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
  const page = keys.slice(0, size);
  const contents = page.map((key) => {
    const { bytes, modifiedAt } = objects.get(key) as Stored;
    return `<Contents><Key>${key}</Key><Size>${bytes.length}</Size><LastModified>${modifiedAt.toISOString()}</LastModified></Contents>`;
  });
  const more = keys.length > page.length;
  const next = more ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : '';
  const body = `<ListBucketResult><IsTruncated>${more}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`;
  return { status: 200, body };
}

const failure = (status: number, code: string): Answer => ({
  status,
  body: `<Error><Code>${code}</Code><Message>${code} of the test server</Message></Error>`,
});
