import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { forwardToApi } from './forward.ts';
import { unreachableHeader } from './unreachable.ts';

let server: Server | undefined;

async function apiThat(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<void> {
  server = createServer(handle);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  vi.stubEnv('ARBOR_API_URL', `http://127.0.0.1:${port}`);
}

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  vi.unstubAllEnvs();
});

describe('forwardToApi', () => {
  it('passes path, query, body and cookies on and hands set-cookie back', async () => {
    let seen = '';
    await apiThat((request, response) => {
      request.setEncoding('utf8');
      let body = '';
      request.on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        seen = [
          request.url,
          request.headers.cookie,
          request.headers['x-forwarded-host'],
          body,
        ].join(' ');
        response.setHeader('set-cookie', ['a=1; Path=/', 'b=2; Path=/']);
        response.end('done');
      });
    });

    const answer = await forwardToApi(
      new Request('http://dashboard.test/trpc/project.create?batch=1', {
        method: 'POST',
        headers: { cookie: 'session=s', host: 'dashboard.test' },
        body: 'name',
      }),
    );

    expect(await answer.text()).toBe('done');
    expect(seen).toBe('/trpc/project.create?batch=1 session=s dashboard.test name');
    expect(answer.headers.getSetCookie()).toEqual(['a=1; Path=/', 'b=2; Path=/']);
  });

  it('streams: the first event arrives while the answer is still open', async () => {
    await apiThat((_request, response) => {
      response.setHeader('content-type', 'text/event-stream');
      response.write('data: 1\n\n');
    });
    const answer = await forwardToApi(new Request('http://dashboard.test/trpc/live.entries'));
    const chunk = await answer.body?.getReader().read();
    expect(new TextDecoder().decode(chunk?.value)).toBe('data: 1\n\n');
  });

  it('ends the request to the API when the browser goes away', async () => {
    const closed = new Promise<void>((resolve) => {
      void apiThat((request, response) => {
        response.write('data: 1\n\n');
        request.on('close', () => resolve());
      });
    });
    await vi.waitFor(() => expect(server?.listening).toBe(true));
    const controller = new AbortController();
    await forwardToApi(
      new Request('http://dashboard.test/trpc/query.stream', { signal: controller.signal }),
    );
    controller.abort();
    await closed;
  });

  it('answers 502 with a mark of its own when nothing listens', async () => {
    vi.stubEnv('ARBOR_API_URL', 'http://127.0.0.1:1');
    const answer = await forwardToApi(new Request('http://dashboard.test/trpc/session.me'));
    expect(answer.status).toBe(502);
    expect(answer.headers.get(unreachableHeader)).toBe('1');
  });
});
