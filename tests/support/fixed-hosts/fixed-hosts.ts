import { execFile } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { generate } from 'selfsigned';

/** Names that clients have in their code and no option for. */
const fixedHosts = ['mixpanel.com', 'api.mixpanel.com', 'data.mixpanel.com'];

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/**
 * What a company does for clients whose hosts are fixed, within one test: its own names for these hosts (here a hook on
 * connections, elsewhere `/etc/hosts` or its DNS) and a proxy with a certificate for them that its machines trust.
 * The clients run in processes of their own, unmodified.
 */
export interface FixedHosts {
  /** Runs a program beside this file with one JSON argument, and gives the JSON that it printed last. */
  run(program: string, argument: unknown): Promise<unknown>;
  /** What was asked so far: `GET data.mixpanel.com/api/2.0/export/?…`. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

export async function startFixedHosts(apiUrl: string): Promise<FixedHosts> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-hosts-'));
  const altNames = fixedHosts.map((value) => ({ type: 2 as const, value }));
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'mixpanel.com' }], {
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames },
    ],
  });
  const authority = path.join(folder, 'authority.pem');
  fs.writeFileSync(authority, cert);
  const asked: string[] = [];
  const server = https.createServer({ cert, key }, (request, response) => {
    asked.push(`${request.method ?? ''} ${request.headers.host ?? ''}${request.url ?? ''}`);
    forward(request, response, new URL(apiUrl));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const env = {
    ...process.env,
    NODE_EXTRA_CA_CERTS: authority,
    ARBOR_TEST_HOSTS: fixedHosts.join(','),
    ARBOR_TEST_HOSTS_PORT: String(port),
  };
  return {
    asked,
    run: async (program, argument) => {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [
          ['--import', tsx, '--import', pathToFileURL(here('./connect-here.ts')).href],
          [here(program), JSON.stringify(argument)],
        ].flat(),
        { env, cwd: folder, maxBuffer: 16 * 1024 * 1024 },
      );
      // Clients print what they do as well.
      return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as unknown;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      fs.rmSync(folder, { recursive: true });
    },
  };
}

/** Bytes as they come, both ways. */
function forward(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  { hostname, port }: URL,
): void {
  const { method, url, headers } = request;
  const onward = http.request(
    { hostname, port, method, path: url, headers },
    (answer: http.IncomingMessage) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  onward.on('error', () => response.destroy());
  request.pipe(onward);
}
