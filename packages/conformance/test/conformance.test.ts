import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCases } from '../src/cases/read-cases.ts';
import { judgementsOf } from '../src/judge/judgements.ts';
import { judge } from '../src/judge/verdict.ts';
import { MemoryWays } from '../src/memory/memory-ways.ts';

/** Worked examples of reports.md, as cases. */
const ownCases = fileURLToPath(new URL('cases', import.meta.url));
/** The others lie beside the repository, with a README that defines every field; without it there are none. */
const folder = fileURLToPath(new URL('../../../../shared/conformance/', import.meta.url));
const folders = [ownCases, folder].filter((one) => existsSync(one));
const cases = readCases(folders).map(judgementsOf);

/** Cases that need an option the engine does not have yet; they come off this list with it. */
const waiting: ReadonlySet<string> = new Set([]);

const titled = cases.map((own) => ({ own, title: `${own.given.id}: ${own.given.notes}` }));
const ready = titled.filter(({ own }) => !waiting.has(own.given.id));
const notReady = titled.filter(({ own }) => waiting.has(own.given.id));

describe('conformance cases, by rows and by segments', () => {
  let memory: MemoryWays;
  beforeAll(() => {
    memory = new MemoryWays();
  });
  afterAll(() => memory.close(), 120_000);

  // The first one waits for threads to start, which takes its time where much else runs.
  test.each(ready)(
    '$title',
    async ({ own }) => {
      expect(own.judgements, own.refusals.join()).not.toHaveLength(0);
      expect((await judge(own, memory.ways)).failures).toEqual([]);
    },
    120_000,
  );

  // Where the cases are missing there is none.
  test.each(notReady)('waits: $title', async ({ own }) => {
    const { passed } = await judge(own, memory.ways);
    expect(passed, `${own.given.id} passes now: take it off the list`).toBe(false);
  });
});
