import fs from 'node:fs';
import path from 'node:path';
import { identityOf } from './process-table.ts';

/** Another living stack uses the data folder. */
export class FolderLockedError extends Error {
  override readonly name = 'FolderLockedError';
  readonly pid: number;

  constructor(folder: string, pid: number) {
    super(
      `the data folder ${folder} is in use by another stack (pid ${pid}); ` +
        'stop that one with "pnpm stop", or choose another folder: ARBOR_DATA_DIR=PATH',
    );
    this.pid = pid;
  }
}

type Holder = { readonly pid: number; readonly identity: string };

const pathOf = (folder: string): string => path.join(folder, 'supervisor.lock');

/**
 * Takes the folder for this process, or throws who has it. The lock of a process that is gone, or
 * whose number belongs to somebody else by now, is taken over.
 *
 * The file appears whole (a link to one that was written before) and is removed by a rename that just
 * one of several starters can win, so two stacks that start at once never both hold it.
 */
export function lockFolder(folder: string): { release(): void } {
  const lock = pathOf(folder);
  const own: Holder = { pid: process.pid, identity: identityOf(process.pid) ?? '' };
  const draft = `${lock}.${process.pid}`;
  fs.writeFileSync(draft, JSON.stringify(own), { mode: 0o600 });
  try {
    while (!tryLink(draft, lock)) {
      const holder = holderOf(folder);
      if (holder !== null) throw new FolderLockedError(folder, holder.pid);
      takeAway(lock, `${draft}.stale`, folder);
    }
  } finally {
    fs.rmSync(draft);
  }
  return {
    release: () => {
      if (holderOf(folder)?.pid === process.pid) fs.rmSync(lock, { force: true });
    },
  };
}

/** The living process that holds the folder, or null. */
export function holderOf(folder: string): Holder | null {
  return livingHolder(pathOf(folder));
}

/** A file that cannot be read as a lock was written by no stack, so nobody holds it. */
function livingHolder(file: string): Holder | null {
  let holder: Holder;
  try {
    holder = JSON.parse(fs.readFileSync(file, 'utf8')) as Holder;
  } catch {
    return null;
  }
  return identityOf(holder.pid) === holder.identity ? holder : null;
}

function tryLink(draft: string, lock: string): boolean {
  try {
    fs.linkSync(draft, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Removes a stale lock; puts it back if another starter's fresh one was caught instead. */
function takeAway(lock: string, aside: string, folder: string): void {
  try {
    fs.renameSync(lock, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return; // another starter was first
    throw error;
  }
  const fresh = livingHolder(aside);
  if (fresh !== null) tryLink(aside, lock);
  fs.rmSync(aside);
  if (fresh !== null) throw new FolderLockedError(folder, fresh.pid);
}
