import { expect, it } from 'vitest';
import { ShutdownSequence } from './shutdown.ts';

it('runs steps in reverse order, once, and exits with 0', async () => {
  const seen: unknown[] = [];
  const sequence = new ShutdownSequence({ exit: (code) => seen.push(code) });
  sequence.add('database', () => seen.push('database'));
  sequence.add('server', async () => {
    await Promise.resolve();
    seen.push('server');
  });
  await Promise.all([sequence.run(), sequence.run()]);
  expect(seen).toEqual(['server', 'database', 0]);
});

it('goes on after a step that fails and exits with 1', async () => {
  const seen: unknown[] = [];
  const sequence = new ShutdownSequence({ exit: (code) => seen.push(code) });
  sequence.add('database', () => seen.push('database'));
  sequence.add('server', () => {
    throw new Error('already closed');
  });
  await sequence.run();
  expect(seen).toEqual(['database', 1]);
});

it('leaves with 1 when a step hangs', async () => {
  const code = await new Promise((resolve) => {
    const sequence = new ShutdownSequence({ exit: resolve, msMax: 10 });
    sequence.add('queue', () => new Promise(() => {}));
    void sequence.run();
  });
  expect(code).toBe(1);
});
