import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { readPartial, ScanHost } from '../../src/query/host/scan-host.ts';
import type { ProjectSnapshot } from '../../src/query/scan/project-snapshot.ts';
import { answerAsync, later, type ResultOf } from '../model/ask.ts';
import { hasDataSets, loadWorld } from './load-data-set.ts';
import type { Asker } from './questions.ts';
import { deskdropTests, megalineTests, onlineRetailTests } from './reference-answers.ts';
import { places, storeWorld } from './stored-data-set.ts';

const dataSets = [
  { name: 'deskdrop', addTests: deskdropTests },
  { name: 'online-retail', addTests: onlineRetailTests },
  { name: 'megaline', addTests: megalineTests },
].flatMap((set) => places.map((place) => ({ ...set, place })));

/** Half a million events are stored, on a machine that may be busy: some ten seconds on one that is not. */
const timeoutMs = 600_000;

// The data lies beside the repository, not in it: where it is missing there is nothing to compare.
describe.runIf(hasDataSets).each(dataSets)(
  '$name: reference answers by the scan threads, rows in $place',
  { timeout: timeoutMs },
  ({ name, place, addTests }) => {
    let folder: string;
    let host: ScanHost;
    let snapshot: ProjectSnapshot;
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'arbor-data-sets-'));
      host = ScanHost.create({ threads: 2, cacheBytes: 2 ** 28 });
      snapshot = (await storeWorld(loadWorld(name), place, folder)).snapshot(1);
    }, timeoutMs);
    afterAll(async () => {
      await host.close();
      rmSync(folder, { recursive: true });
    }, 120_000);
    const asker: Asker = async <const Q extends Parameters<Asker>[0]>(query: Q) =>
      (await answerAsync(query, { ...later, shardCount: 1 }, async (plan) => {
        const { partials } = await host.run(plan, snapshot);
        return partials.map(readPartial);
      })) as ResultOf<Q>;
    addTests(asker);
  },
);
