import fs from 'node:fs';
import { createDb } from '@arbor/db';
import { buildApps } from '@arbor/local-stack/prepare';
import { Terminal } from '@arbor/local-stack/terminal';
import { startTestStack, type TestStack } from '@arbor/local-stack/testing/test-stack';
import type { QueryInput } from '@arbor/schema/query';
import { queryAnswerSchema, type QueryAnswer } from '@arbor/schema/result';
import { benchProject, bootstrap, shardCount } from './bench-project.ts';
import { post } from './post.ts';

export interface StackOptions {
  readonly dataDir: string;
  readonly threads: number;
  /** Of decoded columns; the storage process's own default without it. */
  readonly cacheMb: number | undefined;
  /** Answers may come from what was kept of earlier ones and from structures kept at write time. */
  readonly stored: boolean;
  /** Runs the sources as they are instead of a production build, which is brought up to date first. */
  readonly fromSource: boolean;
  /** More variables of the processes. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface TimedAnswer {
  /** From the request to the last byte of the answer. */
  readonly ms: number;
  readonly answer: QueryAnswer;
}

/** The storage process may need its whole first start to load people and users. */
const readyMsMax = 600_000;
/** A storage process that ends before counts as one that fails, and the supervisor waits. */
const settledMs = 10_500;

/** A whole local stack of one zone with the bench's project, asked as a script would: over HTTP. */
export class ArborStack {
  readonly #stack: TestStack;

  private constructor(stack: TestStack) {
    this.#stack = stack;
  }

  /** Runs `work` with a stack that is ended afterwards, also when the bench is told to end. */
  static async with<Result>(
    options: StackOptions,
    work: (stack: ArborStack) => Promise<Result>,
  ): Promise<Result> {
    const stack = await ArborStack.#start(options);
    const end = (): void => void stack.#stop().then(() => process.exit(130));
    process.once('SIGINT', end).once('SIGTERM', end);
    try {
      return await work(stack);
    } finally {
      process.off('SIGINT', end).off('SIGTERM', end);
      await stack.#stop();
    }
  }

  static async #start(options: StackOptions): Promise<ArborStack> {
    const { threads, cacheMb, stored, fromSource } = options;
    if (!fromSource) await buildApps(new Terminal(), { web: false });
    fs.mkdirSync(options.dataDir, { recursive: true });
    const stack = await startTestStack({
      dataDir: options.dataDir,
      bootstrap,
      readyMsMax,
      programs: fromSource ? 'source' : 'build',
      env: {
        ARBOR_ZONES: 'a',
        ARBOR_SHARDS: String(shardCount),
        ARBOR_QUERY_THREADS: String(threads),
        ...(cacheMb === undefined ? {} : { ARBOR_COLUMN_CACHE_MB: String(cacheMb) }),
        ...(stored ? {} : { ARBOR_RESULT_CACHE_MB: '0' }),
        ...options.env,
      },
    });
    return new ArborStack(stack);
  }

  get databaseUrl(): string {
    return this.#stack.run().postgres.url;
  }

  /** The process that scans. */
  get storagePid(): number {
    return this.#storage().pid;
  }

  /** Weeks begin where the data does; takes effect with the next start. */
  async setWeekStart(): Promise<void> {
    const database = createDb(this.databaseUrl);
    const { id, weekStart } = benchProject;
    await database.project.update({ where: { id }, data: { weekStart } });
    await database.$disconnect();
  }

  async ask(query: QueryInput): Promise<TimedAnswer> {
    const url = new URL(`/api/v1/query?project_id=${benchProject.id}`, this.#stack.apiUrl);
    const body = JSON.stringify(query);
    const started = performance.now();
    const text = await postOrThrow(url, body);
    const ms = performance.now() - started;
    return { ms, answer: queryAnswerSchema.parse(JSON.parse(text)) };
  }

  /** Asks anything else about the project: `path` stands behind `/api/v1/projects/<id>/`. */
  async post(path: string, body: unknown): Promise<unknown> {
    const url = new URL(`/api/v1/projects/${benchProject.id}/${path}`, this.#stack.apiUrl);
    return JSON.parse(await postOrThrow(url, JSON.stringify(body)));
  }

  /** Sends one event of this moment, and resolves when it is accepted. */
  async track(event: string, user: string): Promise<void> {
    const properties = { token: benchProject.token, distinct_id: user, time: Date.now() };
    const url = new URL('/track?strict=1', this.#stack.apiUrl);
    await postOrThrow(url, JSON.stringify([{ event, properties }]));
  }

  /** Ends the storage process and waits until its successor answers; nothing is decoded then. */
  async restartStorage(): Promise<void> {
    const { startedAt, pid } = this.#storage();
    await sleep(Math.max(0, startedAt + settledMs - Date.now()));
    this.#stack.kill('storage-a', 'SIGTERM');
    await until(() => this.#findStorage()?.pid !== pid && this.#findStorage() !== undefined);
    await this.waitUntilServing();
  }

  /** By a question whose answer needs no row. */
  async waitUntilServing(): Promise<void> {
    const range = { from: '2026-01-01', to: '2026-01-01' };
    const selector = { anyOf: [{ event: 'an event that nobody sent' }] };
    const nothing: QueryInput = {
      type: 'insights',
      range,
      metrics: [{ selector, measure: { type: 'total' } }],
    };
    await until(() =>
      this.ask(nothing).then(
        () => true,
        () => false,
      ),
    );
  }

  /** MiB of decoded columns that the storage process keeps; undefined where it does not say. */
  async columnCacheMb(): Promise<number | undefined> {
    const response = await fetch(`http://127.0.0.1:${this.#storage().port}/metrics`);
    const bytes = /^arbor_column_cache_bytes(?:\{[^}]*\})? (\S+)$/m.exec(
      await response.text(),
    )?.[1];
    return bytes === undefined ? undefined : Number(bytes) / 1024 / 1024;
  }

  signalStorage(signal: NodeJS.Signals): void {
    this.#stack.kill('storage-a', signal);
  }

  #stop(): Promise<void> {
    return this.#stack.stop({ keepData: true });
  }

  #storage() {
    const found = this.#findStorage();
    if (found === undefined) throw new Error('the storage process does not run right now');
    return found;
  }

  #findStorage() {
    return this.#stack.run().processes.find(({ name }) => name === 'storage-a');
  }
}

async function postOrThrow(url: URL, body: string): Promise<string> {
  const credentials = Buffer.from(`${benchProject.secret}:`).toString('base64');
  const headers = { 'content-type': 'application/json', authorization: `Basic ${credentials}` };
  const { status, text } = await post(url, headers, body);
  if (status !== 200) throw new Error(`POST ${url.pathname}: ${status} ${text}`);
  return text;
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + readyMsMax;
  while (!(await isTrue())) {
    if (Date.now() > end) throw new Error('the storage process did not come back');
    await sleep(50);
  }
}
