import { expect, test } from 'vitest';
import { ContentCache } from './content-cache.ts';

/** A cache whose loads end when they are told to, and a clock that is set by hand. */
function started(bytesMax = 1_000_000) {
  let now = 0;
  const loads: { readonly end: (texts: readonly string[] | null) => void }[] = [];
  const cache = new ContentCache(bytesMax, () => now);
  const get = (key = 'a', freshMs = 10) =>
    cache.get(
      key,
      () => new Promise((resolve) => loads.push({ end: resolve })),
      () => freshMs,
    );
  return { get, loads, at: (ms: number) => (now = ms) };
}

test('shares a load, and keeps what came', async () => {
  const { get, loads } = started();
  const both = [get(), get()];
  loads[0]?.end(['x']);
  expect(await Promise.all(both)).toEqual([['x'], ['x']]);
  expect(await get()).toEqual(['x']);
  expect(loads).toHaveLength(1);
});

test('gives what it has at once for as long again, while it is loaded anew', async () => {
  const { get, loads, at } = started();
  const first = get();
  loads[0]?.end(['x']);
  await first;
  at(15);
  expect(await Promise.all([get(), get()])).toEqual([['x'], ['x']]);
  expect(loads).toHaveLength(2);
  at(20);
  const late = get();
  loads[1]?.end(['y']);
  expect(await late).toEqual(['y']);
  expect(loads).toHaveLength(2);
});

test('makes whoever asks much later wait for what is loaded anew', async () => {
  const { get, loads, at } = started();
  const first = get();
  loads[0]?.end(['x']);
  await first;
  at(20);
  const later = get();
  loads[1]?.end(['y']);
  expect(await later).toEqual(['y']);
});

test('gives the same array where the same texts come again', async () => {
  const { get, loads, at } = started();
  const first = get();
  loads[0]?.end(['x', 'y']);
  const known = await first;
  at(30);
  const again = get();
  loads[1]?.end(['x', 'y']);
  expect(await again).toBe(known);
});

test('keeps nothing of a load that failed or found nothing', async () => {
  const { get, loads } = started();
  const gone = get();
  loads[0]?.end(null);
  expect(await gone).toBeNull();
  const next = get();
  loads[1]?.end(['x']);
  expect(await next).toEqual(['x']);
});

test('lets go of what was used longest ago when there is too much', async () => {
  const { get, loads } = started(100);
  for (const [n, key] of ['a', 'b', 'c'].entries()) {
    const loading = get(key);
    loads[n]?.end(['x'.repeat(10)]);
    await loading;
    if (key === 'b') await get('a');
  }
  await get('a');
  expect(loads).toHaveLength(3);
  void get('b');
  expect(loads).toHaveLength(4);
});
