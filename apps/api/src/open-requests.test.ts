import { expect, test } from 'vitest';
import { OpenRequests } from './open-requests.ts';

test('ends with its client', () => {
  const client = new AbortController();
  const { signal } = new OpenRequests().open(client.signal);
  expect(signal.aborted).toBe(false);
  client.abort();
  expect(signal.aborted).toBe(true);
});

test('is over at once for a client that is gone already', () => {
  expect(new OpenRequests().open(AbortSignal.abort()).signal.aborted).toBe(true);
});

test('ends every open request on shutdown, and none that is over', async () => {
  const requests = new OpenRequests();
  const open = requests.open(undefined);
  let over: AbortSignal | undefined;
  await requests.run(undefined, (signal) => {
    over = signal;
    return Promise.resolve();
  });
  requests.closeAll();
  expect(open.signal.aborted).toBe(true);
  expect(over?.aborted).toBe(false);
});
