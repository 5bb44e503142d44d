import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { init } from './arbor.ts';
import { buildEntry, buildSdk } from './build.ts';

/** SDK-B1 of browser-sdk.md asks for 5000, which this does not reach yet; it must not grow. */
const bytesMax = 7000;

test.each([
  ['script', buildSdk],
  ['module', () => buildEntry('arbor', 'esm')],
])('keeps the %s under 7 kB', async (_, build) => {
  const { code, version } = await build();
  expect(gzipSync(code, { level: 9 }).length).toBeLessThan(bytesMax);
  expect(code).toContain(version);
});

test('leaves a page alone whose browser lacks what it needs', async () => {
  const { code } = await buildSdk();
  const page = {};
  expect(() => runInNewContext(code, { window: page })).not.toThrow();
  expect(page).toEqual({});
});

test('does nothing on a server', async () => {
  const arbor = init('TOKEN');
  arbor.track('Seen');
  arbor.identify('anna');
  arbor.people.set({ plan: 'pro' });
  await expect(arbor.flush()).resolves.toEqual({ sent: 0, left: 0 });
});

test('says the version of its package, by which the versioned file is named', async () => {
  const { version } = await buildSdk();
  expect(manifest.version).toBe(version);
});
