import fs from 'node:fs';
import { migrate } from '@arbor/db/migrate';
import {
  createDataFolder,
  dataFolder,
  keepSecret,
  rotateLog,
  type DataFolder,
} from './data-folder.ts';
import { lockFolder } from './folder-lock.ts';
import { endLeftovers } from './leftovers.ts';
import { ManagedProcess } from './managed-process.ts';
import { findFreePorts, requireFreePort } from './ports.ts';
import { startPostgres } from './postgres.ts';
import { waitUntilReady } from './ready.ts';
import { startRedis } from './redis.ts';
import { watchSources } from './reload.ts';
import { repository } from './repository.ts';
import { removeRunFile, writeRunFile } from './run-file.ts';
import type { ServerProcess } from './server-process.ts';
import { keepCluster, type Cluster, type Mode, type Settings } from './settings.ts';
import { spawnProcess } from './spawn-process.ts';
import { createStackLog, type StackLog } from './stack-log.ts';
import {
  apiUrlOf,
  objectsAddressOf,
  planProcesses,
  portsNeeded,
  webUrlOf,
  type ProcessPlan,
  type Wiring,
} from './stack-processes.ts';
import type { Terminal } from './terminal.ts';

/** Each stage of a stop gets this long before the next one begins; what hangs is killed at the end. */
const stageMs = 2500;
/** All of it ends within the 10 s of the run contract, databases included. */
const stopMsMax = 9000;

type Database = { readonly process: ManagedProcess | null; readonly url: () => string };

/**
 * The whole local stack: two databases and our processes, in one life. `start` brings it up to the
 * ready line, `stop` ends everything in reverse order; both may be called in any state, and `stop`
 * in the middle of `start`.
 */
export class Stack {
  #settings: Settings;
  #mode: Mode;
  #terminal: Terminal;
  #folder: DataFolder;
  #log: StackLog | null = null;
  #lock: { release(): void } | null = null;
  #cluster: Cluster | null = null;
  #postgres: Database | null = null;
  #redis: Database | null = null;
  #processes: ManagedProcess[] = [];
  #watcher: { close(): void } | null = null;
  #stopping: Promise<void> | null = null;
  #isReady = false;
  #isOver = false;
  #startedAt = Date.now();
  #onFailure: (text: string) => void;
  #plan: (wiring: Wiring) => ProcessPlan[];

  constructor(options: {
    settings: Settings;
    mode: Mode;
    terminal: Terminal;
    /** The stack cannot become ready; the caller stops it and leaves with an error. */
    onFailure: (text: string) => void;
    /** Which processes to run; the product's, unless a test has smaller ones. */
    plan?: (wiring: Wiring) => ProcessPlan[];
  }) {
    this.#settings = options.settings;
    this.#mode = options.mode;
    this.#terminal = options.terminal;
    this.#onFailure = options.onFailure;
    this.#plan = options.plan ?? planProcesses;
    this.#folder = dataFolder(options.settings.dataDirectory);
  }

  /** Resolves when the stack is ready, or was stopped meanwhile. Throws what keeps it from starting. */
  async start(): Promise<void> {
    createDataFolder(this.#folder);
    this.#lock = lockFolder(this.#folder.root);
    this.#log = createStackLog(this.#folder, this.#terminal);
    const ended = await endLeftovers(this.#folder);
    if (ended.length > 0) this.#log.say(`ended what an earlier stack left: ${ended.join(', ')}`);
    await this.#requirePorts();
    this.#cluster = keepCluster(this.#settings);
    await this.#startDatabases();
    if (this.#stopping !== null) return;
    await this.#migrate();
    if (this.#stopping !== null) return;
    await this.#startProcesses();
    await this.#becomeReady();
  }

  /** Idempotent. Resolves when nothing of the stack runs any more. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  /** Ends everything at once: a second Ctrl-C, or the last resort when this process dies. */
  killAll(): void {
    for (const one of this.#all()) one.kill();
  }

  async #requirePorts(): Promise<void> {
    await requireFreePort(this.#settings.apiPort, 'ARBOR_API_PORT');
    if (this.#settings.web) await requireFreePort(this.#settings.webPort, 'ARBOR_WEB_PORT');
  }

  async #startDatabases(): Promise<void> {
    const { databaseUrl, redisUrl } = this.#settings;
    const [postgresPort = 0, redisPort = 0] = await findFreePorts(2);
    const folder = this.#folder;
    const password = keepSecret(folder, 'postgres');
    this.#postgres =
      databaseUrl === undefined
        ? this.#embedded('postgres', postgresPort, (onLine) =>
            startPostgres({
              directory: folder.postgres,
              port: postgresPort,
              database: 'arbor',
              password,
              onLine,
            }),
          )
        : { process: null, url: () => databaseUrl };
    this.#redis =
      redisUrl === undefined
        ? this.#embedded('redis', redisPort, (onLine) =>
            startRedis({
              directory: folder.redis,
              port: redisPort,
              cacheDirectory: repository.cache,
              onLine,
            }),
          )
        : { process: null, url: () => redisUrl };
    await Promise.all([this.#postgres.process?.start(), this.#redis.process?.start()]);
  }

  #embedded(
    name: 'postgres' | 'redis',
    port: number,
    start: (onLine: (line: string) => void) => Promise<ServerProcess>,
  ): Database {
    let url = '';
    const process = this.#manage({ name, role: name, port }, async (remember) => {
      const server = await start((line) => {
        remember(line);
        this.#log?.printed(name, line, 'stderr');
      });
      url = server.url;
      return server;
    });
    return { process, url: () => url };
  }

  async #migrate(): Promise<void> {
    const url = this.#postgres?.url() ?? '';
    try {
      await migrate(url);
    } catch (cause) {
      const where = this.#settings.databaseUrl === undefined ? 'the database' : 'DATABASE_URL';
      throw new Error(`${where} cannot be brought up to date: ${(cause as Error).message}`, {
        cause,
      });
    }
  }

  async #startProcesses(): Promise<void> {
    const cluster = this.#cluster;
    if (cluster === null || this.#postgres === null || this.#redis === null) return;
    const plans = this.#plan({
      mode: this.#mode,
      settings: this.#settings,
      cluster,
      folder: this.#folder,
      databaseUrl: this.#postgres.url(),
      redisUrl: this.#redis.url(),
      masterKey: this.#settings.masterKey ?? keepSecret(this.#folder, 'master'),
      clusterKey: keepSecret(this.#folder, 'cluster'),
      ports: await findFreePorts(portsNeeded(cluster, this.#settings.demo)),
    });
    for (const plan of plans) {
      rotateLog(this.#folder.logOf(plan.name));
      this.#processes.push(
        this.#manage(plan, (remember) =>
          spawnProcess(plan, (line, stream) => {
            remember(line);
            this.#log?.printed(plan.name, line, stream);
          }),
        ),
      );
    }
    await Promise.all(this.#processes.map((one) => one.start()));
    if (this.#mode === 'dev' && this.#stopping === null) this.#watch(plans);
  }

  #watch(plans: readonly ProcessPlan[]): void {
    const apps = new Set(plans.flatMap(({ app }) => app ?? []));
    this.#watcher = watchSources([...apps], (changed) => {
      for (const { name, app } of plans) {
        if (app === undefined || !changed.includes(app)) continue;
        this.#log?.about(name, 'its sources changed, starting it anew');
        this.#processes.find((one) => one.name === name)?.reload();
      }
    });
  }

  #manage(
    what: { name: string; role: string; zone?: string; port: number },
    launch: ConstructorParameters<typeof ManagedProcess>[0]['launch'],
  ): ManagedProcess {
    const { name, role, zone, port } = what;
    return new ManagedProcess({
      name,
      role,
      ...(zone === undefined ? {} : { zone }),
      port,
      launch,
      onChange: () => this.#writeRunFile(),
      onMessage: (text) => this.#log?.about(name, text),
      onHopeless: (text) => this.#hopeless(name, text),
    });
  }

  #hopeless(name: string, text: string): void {
    this.#log?.say(`${text}\n  its whole log: ${this.#folder.logOf(name)}`);
    if (!this.#isReady) this.#onFailure(`${name} does not start, so the stack cannot`);
  }

  async #becomeReady(): Promise<void> {
    const apiUrl = apiUrlOf(this.#settings);
    const webUrl = this.#settings.web ? webUrlOf(this.#settings) : null;
    this.#isReady = await waitUntilReady({
      apiUrl,
      webUrl,
      isOver: () => this.#stopping !== null,
      onWaiting: (text) => this.#log?.say(text),
    });
    if (!this.#isReady) return;
    const dashboard = webUrl === null ? '' : `  dashboard ${webUrl}`;
    this.#log?.say(`Arbor is ready${dashboard}  api ${apiUrl}`);
    if (webUrl === null) return;
    const link = fs.existsSync(this.#folder.setupLink)
      ? fs.readFileSync(this.#folder.setupLink, 'utf8').trim()
      : '';
    // Not through the log: whoever has the link makes the first account.
    if (link !== '') this.#terminal.line(`Create your account: ${link}`);
  }

  #writeRunFile(): void {
    // A process that ends after the file was removed must not bring it back.
    if (this.#isOver || this.#cluster === null) return;
    if (this.#postgres === null || this.#redis === null) return;
    const processes = this.#all().flatMap((one) => one.info ?? []);
    const server = (database: Database) => {
      const info = database.process?.info;
      return {
        url: database.url(),
        ...(info?.port === undefined ? {} : { pid: info.pid, port: info.port }),
      };
    };
    writeRunFile(this.#folder.root, {
      supervisor: process.pid,
      web: this.#settings.web ? webUrlOf(this.#settings) : null,
      api: apiUrlOf(this.#settings),
      processes,
      postgres: server(this.#postgres),
      redis: server(this.#redis),
      objects: objectsAddressOf(this.#settings),
      ...this.#cluster,
      mode: this.#mode,
      startedAt: this.#startedAt,
    });
  }

  #all(): ManagedProcess[] {
    const databases = [this.#postgres?.process, this.#redis?.process];
    return [...databases.filter((one) => one !== null && one !== undefined), ...this.#processes];
  }

  async #stopAll(): Promise<void> {
    this.#watcher?.close();
    this.#terminal.close();
    const deadline = Date.now() + stopMsMax;
    const slow: Promise<unknown>[] = [];
    for (const stage of this.#stages()) {
      const left = deadline - Date.now();
      const done = Promise.all(stage.map((one) => one.stop(Math.max(0, left))));
      slow.push(done);
      await Promise.race([done, new Promise((resolve) => setTimeout(resolve, stageMs))]);
    }
    await Promise.all(slow);
    const hanging = this.#all().filter((one) => one.info !== null);
    for (const one of hanging) {
      this.#log?.about(one.name, 'did not end in time, killed');
      one.kill();
    }
    await Promise.all(hanging.map((one) => one.stop(500)));
    this.#isOver = true;
    if (this.#lock === null) return;
    removeRunFile(this.#folder.root);
    this.#lock.release();
  }

  /** What is asked first to what is needed last. */
  #stages(): ManagedProcess[][] {
    const of = (...names: string[]): ManagedProcess[] =>
      this.#processes.filter((one) => names.some((name) => one.name.startsWith(name)));
    return [
      of('web', 'demo'),
      of('api'),
      of('etl', 'jobs'),
      of('storage'),
      this.#all().filter((one) => !this.#processes.includes(one)),
    ].filter((stage) => stage.length > 0);
  }
}
