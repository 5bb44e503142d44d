import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';

/** A customer's site: one page on an origin of its own, so that CORS is what it is in the field. */
export interface PageServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves a page that runs `script`, an ES module that may import what this package has installed. */
export async function servePage(script: string): Promise<PageServer> {
  const bundle = await build({
    stdin: { contents: script, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
  });
  const code = bundle.outputFiles[0]?.text ?? '';
  const server = http.createServer((request, response) => {
    if (request.url === '/page.js') {
      response.setHeader('content-type', 'text/javascript; charset=utf-8').end(code);
    } else if (request.url === '/favicon.ico') {
      response.writeHead(204).end();
    } else {
      response
        .setHeader('content-type', 'text/html; charset=utf-8')
        .end('<!doctype html><title>A site</title><script src="/page.js"></script>');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
