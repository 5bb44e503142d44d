import { expect, it, vi } from 'vitest';
import { startHeartbeat } from './heartbeat.ts';

it('goes on after a failure, and takes back what it said when it stops', async () => {
  const said: string[] = [];
  const errors: string[] = [];
  const heartbeat = startHeartbeat({
    intervalMs: 1,
    beat: async () => {
      said.push('alive');
      if (said.length === 1) throw new Error('redis is away');
    },
    end: async () => void said.push('gone'),
    onError: (error) => errors.push(error.message),
  });
  await vi.waitFor(() => expect(said.length).toBeGreaterThan(2));
  await heartbeat.stop();
  const length = said.length;
  expect(said.at(-1)).toBe('gone');
  expect(errors).toEqual(['redis is away']);
  await new Promise((resolve) => setImmediate(resolve));
  expect(said).toHaveLength(length);
});
