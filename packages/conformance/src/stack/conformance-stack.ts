import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startTestStack, type TestStack } from '@arbor/local-stack/testing/test-stack';
import { ArborClient, type Account } from './arbor-client.ts';

export const zones = ['a', 'b'] as const;

const account: Account = {
  username: 'conformance',
  secret: 'of-a-stack-that-ends-with-its-folder',
};
const bootstrap = JSON.stringify([
  { org: 'Conformance', project: 'Conformance', serviceAccount: account },
]);
/** Longer than any run: nothing is indexed before it is asked for. */
const never = { ARBOR_INDEX_SECONDS: '86400' };
const atOnce = { ARBOR_INDEX_SECONDS: '1', ARBOR_INDEX_BYTES: '1' };
/** All shards have their turn every second; on a busy machine a turn takes seconds. */
const indexedMsMax = 180_000;
const lookEveryMs = 250;
/** A zone says what waits after each look at its shards, every second: so long it is believed. */
const settledMs = 3000;

/** A stack of its own in a temporary folder, with real processes, queues and files. */
export class ConformanceStack {
  readonly #folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-conformance-'));
  readonly #stopped: AbortSignal;
  /** The last one that was started; it may not be ready. */
  #starting: Promise<TestStack> | null = null;

  /** `stopped` ends the processes, whatever they are at; `stop` removes what is left. */
  constructor(stopped: AbortSignal) {
    this.#stopped = stopped;
  }

  /** What comes in stays in the row log. */
  async start(): Promise<ArborClient> {
    return this.#start(never);
  }

  /** Starts the stack anew on the same folder, and resolves when all rows, of so many events, lie in segments. */
  async restartIndexing(eventCount: number): Promise<ArborClient> {
    const before = await this.#starting;
    await before?.stop({ keepData: true });
    const client = await this.#start(atOnce);
    const end = Date.now() + indexedMsMax;
    for (let since = Date.now(); Date.now() - since < settledMs;) {
      const found = await this.#indexed();
      if (found === null || found.indexedRows < eventCount || found.waitingBytes > 0) {
        since = Date.now();
      }
      if (since > end) {
        const state =
          found === null
            ? 'a storage process does not answer'
            : `${found.indexedRows} rows are, and ${found.waitingBytes} bytes wait`;
        throw new Error(`not indexed after ${indexedMsMax / 1000} s: ${state}`);
      }
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    }
    return client;
  }

  async stop(): Promise<void> {
    const stack = await this.#starting?.catch(() => null);
    await stack?.stop();
    fs.rmSync(this.#folder, { recursive: true, force: true });
  }

  async #start(env: Readonly<Record<string, string>>): Promise<ArborClient> {
    this.#starting = startTestStack({
      dataDir: this.#folder,
      bootstrap,
      env: { ...env, ARBOR_ZONES: zones.join() },
      signal: this.#stopped,
    });
    const { apiUrl } = await this.#starting;
    return new ArborClient(apiUrl, account);
  }

  /**
   * Of all zones together: one of them indexes a shard, the others take its files. Null while one does not answer: a stack is
   * ready when one zone is, and the other may still be starting.
   */
  async #indexed(): Promise<{ indexedRows: number; waitingBytes: number } | null> {
    const stack = await this.#starting;
    const storage = stack?.run().processes.filter(({ role }) => role === 'storage') ?? [];
    const pages = await Promise.all(
      storage.map(({ port }) => textAt(`http://127.0.0.1:${port}/metrics`)),
    );
    const heard = pages.filter((page) => page !== null);
    if (heard.length < pages.length) return null;
    const sum = (name: string): number =>
      heard.reduce((total, page) => total + metric(page, name), 0);
    return {
      indexedRows: sum('arbor_indexed_rows_total'),
      waitingBytes: sum('arbor_unindexed_bytes'),
    };
  }
}

/** Null where nobody listens. */
async function textAt(url: string): Promise<string | null> {
  try {
    return await (await fetch(url)).text();
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

function metric(page: string, name: string): number {
  return Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(page)?.[1] ?? 0);
}
