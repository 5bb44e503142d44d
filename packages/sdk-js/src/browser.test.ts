import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { browserSurroundings } from './browser.ts';

const away = (): Promise<never> => Promise.reject(new Error('away'));

beforeEach(() => {
  vi.useFakeTimers();
  const { setTimeout, clearTimeout } = globalThis;
  const own = { navigator: {}, document: new EventTarget(), setTimeout, clearTimeout };
  vi.stubGlobal('window', Object.assign(new EventTarget(), own));
  vi.stubGlobal('screen', { width: 1440, height: 900 });
  for (const name of ['innerWidth', 'innerHeight', 'devicePixelRatio']) vi.stubGlobal(name, 1);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('leaves no timer when it is stopped, and makes none later', () => {
  const { after, stop } = browserSurroundings({}, away);
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

test('reads sizes and listens in a turn after the one that begins', () => {
  const listen = vi.spyOn(window, 'addEventListener');
  const width = vi.fn<() => number>(() => 1);
  Object.defineProperty(globalThis, 'innerWidth', { get: width, configurable: true });
  const { watch } = browserSurroundings({}, away);
  watch(
    () => {},
    () => {},
  );
  expect(listen).not.toHaveBeenCalled();
  expect(width).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(listen.mock.calls.map(([name]) => name)).toContain('pagehide');
  expect(width).toHaveBeenCalledOnce();
});

test('has no time zone of a page whose own functions fail, and no error either', () => {
  const timeZoneId = (): never => {
    throw new Error('of the page');
  };
  Object.assign(window, { Temporal: { Now: { timeZoneId } } });
  const { watch } = browserSurroundings({}, away);
  watch(
    () => {},
    () => {},
  );
  expect(() => vi.advanceTimersByTime(1)).not.toThrow();
});
