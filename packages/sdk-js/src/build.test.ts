import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { expect, test, vi } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { init } from './arbor.ts';
import { buildEntry, buildPart, buildSdk } from './build.ts';
import { stub } from './stub.ts';

// Seconds of work for the minifier, which a busy machine makes many.
vi.setConfig({ testTimeout: 120_000 });

/** Built once for all tests of this file: it takes a while. */
const script = buildSdk();

/** SDK-B1, SDK-B2 and SDK-ID9 of browser-sdk.md, of what is really served and published: gzip -9. */
test.each([
  ['script', () => script, 5000],
  ['module', () => buildEntry('arbor', 'esm'), 5000],
  ['part of autocapture', () => buildPart('autocapture'), 2500],
  ['part of vitals', () => buildPart('vitals'), 1500],
  ['part of links', () => buildPart('link'), 600],
  ["entry with Mixpanel's names", () => buildEntry('mixpanel', 'esm'), 7500],
  ['binding of React', () => buildEntry('react', 'esm'), 800],
] as const)('keeps the %s small', async (_, build, bytesMax) => {
  const { code } = await build();
  expect(gzipSync(code, { level: 9 }).length).toBeLessThan(bytesMax);
});

test('keeps the stub of a page small', () => {
  expect(`<script>${stub}</script>`.length).toBeLessThan(450);
});

test('leaves a page alone whose browser lacks what it needs', async () => {
  const { code } = await script;
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
  const { code, version } = await script;
  expect(manifest.version).toBe(version);
  expect(code).toContain(version);
});

test('asks its part for what the part exports', async () => {
  const [{ code }, { code: part }] = await Promise.all([script, buildPart('pages')]);
  for (const name of ['settle', 'tend', 'compress', 'begin']) {
    expect(code).toMatch(new RegExp(`\\.${name}\\(|\\{${name}:`));
    expect(part).toMatch(new RegExp(`export\\{.*\\bas ${name}\\b`));
  }
});
