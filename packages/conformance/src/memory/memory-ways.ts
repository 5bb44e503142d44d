import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readPartial, ScanHost } from '@arbor/engine/host';
import type { PlanContext } from '@arbor/engine/plan';
import { answerAsync, ask } from '@arbor/engine/test/model/ask';
import { buildViews } from '@arbor/engine/test/model/build-views';
import { worldSnapshot } from '@arbor/engine/test/model/world-snapshot';
import type { QueryInput } from '@arbor/schema/query';
import type { QueryResult } from '@arbor/schema/result';
import type { ConformanceCase } from '../cases/case-types.ts';
import type { Rules } from '../judge/rules.ts';
import type { Way } from '../judge/verdict.ts';
import { weekStartOf } from '../judge/week-start.ts';
import { toWorld } from './case-world.ts';

/** Rows in the order of users, spread over so many shards. */
const shards = 3;
/** Two segments and a part in memory, with copies and rows of merged users among them. */
const layout = { parts: 3, inMemory: 0b100, copyEvery: 3, mergedEvery: 5, hiddenEvery: 4 };

/** The engine in this process, without stack and network: by rows, and by scans over segments on threads. */
export class MemoryWays {
  readonly ways: readonly Way[];
  readonly #folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-conformance-'));
  readonly #host = ScanHost.create({ threads: 2, cacheBytes: 2 ** 26 });
  readonly #snapshots = new Map<string, ReturnType<typeof worldSnapshot>>();

  constructor() {
    this.ways = [
      { name: 'rows', ask: async (given, query, rules) => askRows(given, query, rules) },
      { name: 'segments', ask: (given, query, rules) => this.#askSegments(given, query, rules) },
    ];
  }

  async close(): Promise<void> {
    await this.#host.close();
    fs.rmSync(this.#folder, { recursive: true });
  }

  async #askSegments(given: ConformanceCase, query: QueryInput, rules: Rules) {
    const { id } = given;
    const snapshot =
      this.#snapshots.get(id) ??
      worldSnapshot(toWorld(given), layout, { folder: this.#folder, name: id });
    this.#snapshots.set(id, snapshot);
    return answerAsync(query, contextOf(given, rules), async (plan) => {
      const { partials } = await this.#host.run(plan, snapshot);
      return partials.map(readPartial);
    });
  }
}

function askRows(given: ConformanceCase, query: QueryInput, rules: Rules): QueryResult {
  return ask(buildViews(toWorld(given), shards), query, contextOf(given, rules));
}

/** Cases are old: a real clock is after everything in them. */
function contextOf({ timezone }: ConformanceCase, rules: Rules): PlanContext {
  return { timezone, weekStart: weekStartOf(rules), nowMs: Date.UTC(2030, 0, 1) };
}
