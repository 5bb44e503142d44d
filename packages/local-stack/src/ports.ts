import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';

/**
 * Ports below the range from which systems take the local ends of outgoing connections (32768 on
 * Linux, 49152 elsewhere): a port from that range could be taken while a server restarts.
 */
const firstPort = 20_000;
const portCount = 12_000;

/** A port that a process of this machine listens on already. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';
}

/** True when we could listen on the port, and nobody answers there on either local address. */
export async function isPortFree(port: number): Promise<boolean> {
  // Listening alone is not proof: some systems let two sockets share a port when one names an address.
  if ((await answers(port, '127.0.0.1')) || (await answers(port, '::1'))) return false;
  return canListen(port);
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

function answers(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true)).once('error', () => end(false));
    socket.setTimeout(500, () => end(false));
  });
}

/** `count` different free ports. Starts at a random place, so that two stacks seldom try the same one. */
export async function findFreePorts(count: number, random = Math.random): Promise<number[]> {
  const found: number[] = [];
  const start = Math.floor(random() * portCount);
  for (let i = 0; i < portCount && found.length < count; i++) {
    const port = firstPort + ((start + i) % portCount);
    if (await isPortFree(port)) found.push(port);
  }
  if (found.length < count) {
    throw new Error(`no ${count} free ports from ${firstPort} to ${firstPort + portCount - 1}`);
  }
  return found;
}

/** Throws a message that names the port, who has it where that can be known, and the way out. */
export async function requireFreePort(port: number, variable: string): Promise<void> {
  if (await isPortFree(port)) return;
  const owner = portOwner(port);
  const who = owner === null ? 'by another process' : `by ${owner}`;
  throw new PortTakenError(
    `port ${port} is taken ${who}; stop it, or choose another port: ${variable}=${port + 100}`,
  );
}

/** `node (pid 123)`, or null where it cannot be known. */
function portOwner(port: number): string | null {
  const pid = process.platform === 'linux' ? linuxListener(port) : lsofListener(port);
  if (pid === null) return null;
  const listed = spawnSync('ps', ['-o', 'comm=', '-p', String(pid)], { encoding: 'utf8' });
  const name = listed.status === 0 ? listed.stdout.trim() : '';
  return name === '' ? `pid ${pid}` : `${name} (pid ${pid})`;
}

function lsofListener(port: number): number | null {
  const listed = spawnSync('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t'], {
    encoding: 'utf8',
  });
  const pid = Number.parseInt(listed.stdout ?? '', 10);
  return Number.isInteger(pid) ? pid : null;
}

const listenState = '0A';

/** Looks for the socket of the port in the kernel's table, then for the process that has it open. */
function linuxListener(port: number): number | null {
  const inodes = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    if (!fs.existsSync(table)) continue;
    for (const line of fs.readFileSync(table, 'utf8').split('\n').slice(1)) {
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
      const isListening = state === listenState;
      if (isListening && Number.parseInt(local.split(':')[1] ?? '', 16) === port) inodes.add(inode);
    }
  }
  if (inodes.size === 0) return null;
  const pids = fs.readdirSync('/proc').map(Number).filter(Number.isInteger);
  return pids.find((pid) => hasSocket(pid, inodes)) ?? null;
}

function hasSocket(pid: number, inodes: ReadonlySet<string>): boolean {
  try {
    return fs.readdirSync(`/proc/${pid}/fd`).some((fd) => {
      const target = fs.readlinkSync(`/proc/${pid}/fd/${fd}`);
      return target.startsWith('socket:[') && inodes.has(target.slice(8, -1));
    });
  } catch {
    return false; // another user's, or gone meanwhile
  }
}
