import { createHash } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { createSdkLoader } from './load-sdk.ts';

// Seconds of work for the minifier, which a busy machine makes many.
vi.setConfig({ testTimeout: 120_000 });

/** Built once for the tests below. */
const loadPulse = createSdkLoader({ dev: true, endpoint: '/pulse' });

test('builds the sdk from source in development, once', async () => {
  const load = createSdkLoader({ dev: true, endpoint: '/e' });
  const [first, second] = await Promise.all([load(), load()]);
  expect(first).toBe(second);
  for (const file of [first.script, first.parts.pages, first.parts.autocapture]) {
    expect(file.plain.length).toBeGreaterThan(1000);
    expect(file.brotli.length).toBeLessThan(file.gzip.length);
    expect(file.gzip.length).toBeLessThan(file.plain.length);
  }
});

test('says the hash of the script as it is served, and what pages paste before it', async () => {
  const { script, integrity, stub } = await loadPulse();
  const hash = createHash('sha384').update(script.plain).digest('base64');
  expect(integrity).toBe(`sha384-${hash}`);
  expect(stub).toContain('arbor');
});

test('makes the script send to the path that the operator chose', async () => {
  const { script } = await loadPulse();
  const code = script.plain.toString();
  expect(code).toContain('"/pulse"');
  expect(code).not.toContain('"/e"');
});
