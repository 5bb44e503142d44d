import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { beacon } from './beacon.ts';
import type { Client } from './client.ts';
import { createClientOver } from './client.ts';
import { createFakeBrowser } from './testing/fake-browser.ts';

let client: Client;
const sent: string[] = [];
const listeners = new Set<() => void>();
let room = 2;

beforeEach(() => {
  const options = { host: 'https://stats.example.com', path: '/e', persistence: 'memory' } as const;
  client = createClientOver('TOKEN', options, createFakeBrowser());
  sent.length = 0;
  room = 2;
  listeners.clear();
  vi.stubGlobal('window', {
    addEventListener: (_: string, run: () => void) => listeners.add(run),
    removeEventListener: (_: string, run: () => void) => listeners.delete(run),
  });
  vi.stubGlobal('Request', class Request {});
  vi.stubGlobal('navigator', {
    sendBeacon: (url: string, body: string) => {
      if (room-- <= 0) return false;
      sent.push(`${url} ${body}`);
      return true;
    },
  });
  const stored = {
    arb_abc123_id: '{}',
    arb_abc123_q_tab_1: '[1]',
    other: 'x',
    arb_abc123_q_tab_2: '[2]',
  };
  const getItem = (key: string): unknown => Reflect.get(stored, key);
  vi.stubGlobal('localStorage', new Proxy(stored, { get: () => getItem }));
});
afterEach(() => vi.unstubAllGlobals());

const leave = (): void => listeners.forEach((run) => run());

test('gives the browser what is stored when the page goes, and no more when it is taken away', () => {
  const end = beacon('https://stats.example.com/e')(client);
  leave();
  expect(sent).toEqual(['https://stats.example.com/e [1]', 'https://stats.example.com/e [2]']);
  end?.();
  room = 2;
  leave();
  expect(sent).toHaveLength(2);
});

test('ends when the browser takes no more', () => {
  beacon('https://stats.example.com/e')(client);
  room = 1;
  leave();
  expect(sent).toEqual(['https://stats.example.com/e [1]']);
});

test('leaves it to requests where those outlive their page', () => {
  vi.stubGlobal(
    'Request',
    class Request {
      keepalive = true;
    },
  );
  Object.defineProperty(Request.prototype, 'keepalive', { value: true });
  beacon('https://stats.example.com/e')(client);
  leave();
  expect(sent).toEqual([]);
});

test('gives what this page captured and has not sent where nothing can be stored', async () => {
  const denied = (): never => {
    throw new Error('denied');
  };
  vi.stubGlobal('localStorage', new Proxy({}, { ownKeys: denied, get: denied }));
  beacon('https://stats.example.com/e')(client);
  client.track('Sent');
  await client.flush();
  client.track('Left');
  leave();
  expect(sent).toHaveLength(1);
  expect(sent[0]).toContain('"event":"Left"');
  expect(sent[0]).not.toContain('"event":"Sent"');
});
