import { expect, test } from 'vitest';
import { createSdkLoader } from './load-sdk.ts';

test('builds the sdk from source in development, once', async () => {
  const load = createSdkLoader({ dev: true });
  const [first, second] = await Promise.all([load(), load()]);
  expect(first).toBe(second);
  expect(first.plain.length).toBeGreaterThan(1000);
  expect(first.brotli.length).toBeLessThan(first.gzip.length);
  expect(first.gzip.length).toBeLessThan(first.plain.length);
});
