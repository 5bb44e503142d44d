import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** Where things are in a data folder. All local state is below it: delete it and you start afresh. */
export type DataFolder = {
  readonly root: string;
  readonly postgres: string;
  readonly redis: string;
  readonly logs: string;
  /** The one-time link that makes the first account, as the API wrote it. */
  readonly setupLink: string;
  logOf(processName: string): string;
};

export function dataFolder(root: string): DataFolder {
  const logs = path.join(root, 'logs');
  return {
    root,
    postgres: path.join(root, 'postgres'),
    redis: path.join(root, 'redis'),
    logs,
    setupLink: path.join(root, 'setup-link.txt'),
    logOf: (processName) => path.join(logs, `${processName}.log`),
  };
}

/**
 * Makes the folder. Others may not list it; under root they may pass through, because PostgreSQL runs
 * as nobody then and its own folder lies inside.
 */
export function createDataFolder(folder: DataFolder): void {
  const isRoot = process.getuid?.() === 0;
  try {
    fs.mkdirSync(folder.root, { recursive: true, mode: isRoot ? 0o711 : 0o700 });
    fs.mkdirSync(folder.logs, { recursive: true, mode: 0o700 });
    fs.accessSync(folder.root, fs.constants.W_OK);
  } catch (cause) {
    throw new Error(
      `the data folder ${folder.root} cannot be written (${(cause as Error).message}); ` +
        'choose another: ARBOR_DATA_DIR=PATH',
      { cause },
    );
  }
}

/**
 * A secret that is made on the first start and kept: losing the master key makes what it wraps
 * unreadable. Written whole or not at all, readable by its owner only.
 */
export function keepSecret(folder: DataFolder, name: 'master' | 'cluster' | 'postgres'): string {
  const file = path.join(folder.root, `${name}.key`);
  if (!fs.existsSync(file)) {
    const partial = `${file}.${process.pid}`;
    fs.writeFileSync(partial, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flush: true });
    fs.renameSync(partial, file);
  }
  const secret = fs.readFileSync(file, 'utf8').trim();
  if (!/^[0-9a-f]{64}$/.test(secret)) {
    throw new Error(
      `${file} is damaged: it must hold 64 hexadecimal digits; restore it from a backup` +
        (name === 'cluster' ? ', or delete it and a new one is made' : ''),
    );
  }
  return secret;
}

const logBytesMax = 20 * 1024 * 1024;

/** Keeps one older log a process: what is over the size is set aside before the process starts. */
export function rotateLog(file: string): void {
  const size = fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > logBytesMax) fs.renameSync(file, `${file}.1`);
}
