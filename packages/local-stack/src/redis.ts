import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import path from 'node:path';
import { patchElf } from './elf.ts';
import { isAlive, signalProcess } from './process-table.ts';
import { lastLines, ServerStartError, type ServerProcess } from './server-process.ts';
import { sleep, waitUntil } from './wait.ts';

/** Loading the append-only file of a full queue takes seconds, and nothing can be asked before. */
const startMsMax = 60_000;

/**
 * Starts a Redis on a folder. `appendfsync always` is what lets the edge answer 200: a reply of this
 * server means that the batch is on disk. It never evicts a key and writes no snapshots besides.
 */
export async function startRedis(options: {
  directory: string;
  port: number;
  /** Where a patched copy of the npm package's binary is kept, if this machine needs one. */
  cacheDirectory: string;
  onLine?: (line: string) => void;
}): Promise<ServerProcess> {
  const { directory, port } = options;
  fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
  await stopRedis(directory);
  const command = findRedis(options.cacheDirectory);
  const child = spawn(
    command,
    [
      ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory],
      ['--appendonly', 'yes', '--appendfsync', 'always', '--save', ''],
      ['--maxmemory-policy', 'noeviction', '--loglevel', 'notice'],
      ['--pidfile', pidFileOf(directory), '--daemonize', 'no'],
    ].flat(),
    { cwd: '/', detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let isGone = false;
  const exited = new Promise<string>((resolve) => {
    const end = (how: string): void => {
      isGone = true;
      resolve(how);
    };
    child.once('error', (error) => end(error.message));
    child.once('exit', (code, signal) => end(signal ?? `code ${code}`));
  });
  let output = '';
  const listen = (text: string): void => {
    output = (output + text).slice(-20_000);
    for (const line of text.split('\n')) if (line !== '') options.onLine?.(line);
  };
  child.stdout.setEncoding('utf8').on('data', listen);
  child.stderr.setEncoding('utf8').on('data', listen);

  const giveUpAt = Date.now() + startMsMax;
  while ((await whoAnswers(port))?.pid !== child.pid) {
    if (isGone || Date.now() > giveUpAt) {
      child.kill('SIGKILL');
      throw new ServerStartError(
        `redis does not start on ${directory}:\n${lastLines(output, 8) || (await exited)}`,
      );
    }
    await sleep(20);
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    pid: child.pid ?? 0,
    exited,
    terminate: () => void child.kill('SIGTERM'),
    kill: () => void child.kill('SIGKILL'),
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

const pidFileOf = (directory: string): string => path.join(directory, 'redis.pid');

/** Ends a Redis that a killed supervisor left on this folder. The caller holds the folder's lock. */
export async function stopRedis(directory: string): Promise<void> {
  const file = pidFileOf(directory);
  if (!fs.existsSync(file)) return;
  const pid = Number(fs.readFileSync(file, 'utf8'));
  if (pid > 1 && isAlive(pid) && isRedis(pid)) {
    signalProcess(pid, 'SIGTERM');
    if (!(await waitUntil(() => !isAlive(pid), { timeoutMs: 8000 }))) {
      signalProcess(pid, 'SIGKILL');
      await waitUntil(() => !isAlive(pid), { timeoutMs: 2000 });
    }
  }
  fs.rmSync(file, { force: true });
}

/** Redis rewrites its own title, so the folder is not in it; the name has to do. */
function isRedis(pid: number): boolean {
  const listed = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  if (listed.status === 0) return /redis|valkey/.test(listed.stdout);
  if (process.platform !== 'linux') return false;
  return /redis|valkey/.test(fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
}

const runs = (command: string): boolean =>
  spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;

/** A server on PATH first; else the npm package's, patched into the cache where this libc is too old for it. */
export function findRedis(cacheDirectory: string): string {
  for (const command of ['redis-server', 'valkey-server']) if (runs(command)) return command;
  const packaged = packagedRedis();
  if (packaged === null) throw noRedis();
  if (runs(packaged)) return packaged;
  const patched = patchedCopy(packaged, cacheDirectory);
  if (runs(patched)) return patched;
  throw noRedis();
}

function packagedRedis(): string | null {
  try {
    const manifest = `@falkordblite/${process.platform}-${process.arch}/package.json`;
    const found = createRequire(import.meta.url).resolve(manifest);
    return path.join(path.dirname(found), 'bin/redis-server');
  } catch {
    return null;
  }
}

function patchedCopy(packaged: string, cacheDirectory: string): string {
  const { size, mtimeMs } = fs.statSync(packaged);
  const copy = path.join(cacheDirectory, `redis-server-${size}-${Math.trunc(mtimeMs)}`);
  if (fs.existsSync(copy)) return copy;
  fs.mkdirSync(cacheDirectory, { recursive: true });
  const bytes = fs.readFileSync(packaged);
  patchElf(bytes);
  // Renamed into place, so that another stack never runs half a file.
  const partial = `${copy}.${process.pid}`;
  fs.writeFileSync(partial, bytes, { mode: 0o755 });
  fs.renameSync(partial, copy);
  return copy;
}

function noRedis(): ServerStartError {
  const install =
    process.platform === 'darwin'
      ? 'install one ("brew install redis")'
      : process.platform === 'win32'
        ? 'run one in WSL or a container'
        : 'install one ("apt-get install redis-server" or "valkey-server")';
  return new ServerStartError(
    `no Redis server runs on this machine (${process.platform} ${process.arch}): ` +
      `neither redis-server nor valkey-server is on PATH, and no npm package brings one that starts here; ` +
      `${install}, or set REDIS_URL to a server of yours`,
  );
}

/** The process that answers on this port, or null when none does or it still loads its file. */
function whoAnswers(port: number): Promise<{ pid: number } | null> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write('PING\r\nINFO server\r\n'));
    let text = '';
    const end = (answer: { pid: number } | null): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(500, () => end(null)).on('error', () => end(null));
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (text.startsWith('-')) return end(null); // "-LOADING …"
      const pid = /process_id:(\d+)/.exec(text)?.[1];
      if (pid !== undefined) end({ pid: Number(pid) });
    });
  });
}
