import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { BodyProblem } from './body-problem.ts';
import { inflate } from './inflate.ts';

test('leaves alone what does not start like gzip', async () => {
  const body = Buffer.from('[1]');
  expect(await inflate(body, 100)).toBe(body);
});

test('inflates by the first bytes', async () => {
  expect(await inflate(gzipSync('[1]'), 100)).toEqual(Buffer.from('[1]'));
});

test('the limit counts decompressed bytes, to the byte', async () => {
  const body = gzipSync('x'.repeat(1000));
  expect(await inflate(body, 1000)).toHaveLength(1000);
  expect(await inflate(body, 999)).toEqual(
    new BodyProblem('too_large', 'request exceeds max limit of 999 bytes'),
  );
});

test('a bomb is stopped at the limit, not after it', async () => {
  const bomb = gzipSync(Buffer.alloc(200_000_000));
  const before = process.memoryUsage().arrayBuffers;
  expect(await inflate(bomb, 1_000_000)).toBeInstanceOf(BodyProblem);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
});

test('a cut gzip body is invalid, not a crash', async () => {
  const body = gzipSync('x'.repeat(1000)).subarray(0, 15);
  expect(await inflate(body, 10_000)).toMatchObject({
    code: 'invalid',
    message: 'body is not valid gzip: unexpected end of file',
  });
});
