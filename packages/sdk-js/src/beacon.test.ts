import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { beacon } from './beacon.ts';
import { createClientOver } from './client.ts';
import { nowhere } from './nowhere.ts';

const client = createClientOver('', { consent: 'denied' }, nowhere);
const sent: string[] = [];
const listeners = new Set<() => void>();
let room = 2;

beforeEach(() => {
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
