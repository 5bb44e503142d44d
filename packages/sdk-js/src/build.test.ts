import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { init } from './arbor.ts';
import { buildEntry, buildPart, buildSdk } from './build.ts';

/** SDK-B1 and SDK-B2 of browser-sdk.md, of what is really served and published. */
test.each([
  ['script', buildSdk, 5000],
  ['module', () => buildEntry('arbor', 'esm'), 5000],
  ["entry with Mixpanel's names", () => buildEntry('mixpanel', 'esm'), 7500],
] as const)('keeps the %s small', async (_, build, bytesMax) => {
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

test('asks its part for what the part exports', async () => {
  const [{ code: script }, { code: part }] = await Promise.all([buildSdk(), buildPart('pages')]);
  for (const name of ['settle', 'tend', 'compress', 'begin']) {
    expect(script).toMatch(new RegExp(`\\.${name}\\(|\\{${name}:`));
    expect(part).toMatch(new RegExp(`export\\{.*\\bas ${name}\\b`));
  }
});
