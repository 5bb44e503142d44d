import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ScanHost } from '@arbor/engine/host';
import { warmUp } from '@arbor/engine/warm-up';
import { expect, it } from 'vitest';
import { warmUpPlans } from './warm-up-plans.ts';

it('asks questions that the made-up days have rows for', async () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-warm-up-'));
  const host = ScanHost.create({ threads: 1, cacheBytes: 2 ** 26 });
  await warmUp(host, { plans: warmUpPlans(Date.UTC(2026, 0, 1)), directory, rounds: 1 });
  // All eight events of all fourteen days, some of them again for further columns.
  expect(host.stats().loads).toBeGreaterThan(8 * 14);
  await host.close();
  fs.rmSync(directory, { recursive: true });
});
