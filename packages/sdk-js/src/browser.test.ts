import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { browserSurroundings } from './browser.ts';

beforeEach(() => {
  vi.useFakeTimers();
  const page = { document: new EventTarget(), navigator: {} };
  vi.stubGlobal('window', Object.assign(new EventTarget(), page));
  vi.stubGlobal('screen', { width: 1440, height: 900 });
  for (const name of ['innerWidth', 'innerHeight', 'devicePixelRatio']) vi.stubGlobal(name, 1);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('leaves no timer when it is stopped, and makes none later', () => {
  const { after, stop } = browserSurroundings({}, () => Promise.reject(new Error('away')));
  const run: string[] = [];
  after(20_000, () => run.push('long'));
  after(5, () => run.push('short'));
  after(1, () => run.push('cancelled'))();
  vi.advanceTimersByTime(10);
  expect(run).toEqual(['short']);
  expect(vi.getTimerCount()).toBe(1);
  stop();
  after(20_000, () => run.push('late'))();
  after(20_000, () => run.push('later'));
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(60_000);
  expect(run).toEqual(['short']);
});
