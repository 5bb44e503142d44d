import fs from 'node:fs';
import path from 'node:path';

/** Another living process has the directory open. */
export class DirectoryLockedError extends Error {
  override readonly name = 'DirectoryLockedError';

  constructor(directory: string, pid: number) {
    super(`${directory} is open in process ${pid}; two writers would destroy its row logs`);
  }
}

/**
 * Takes a directory for this process. The lock of a process that was killed is taken over: it is
 * recognised by its pid and its start time, so a pid that was given to somebody else does not count.
 */
export function lockDirectory(directory: string): { release(): void } {
  fs.mkdirSync(directory, { recursive: true });
  const lock = path.join(directory, 'lock');
  const own = JSON.stringify({ pid: process.pid, started: startOf(process.pid) });
  for (let attempt = 0; ; attempt++) {
    try {
      fs.writeFileSync(lock, own, { flag: 'wx', mode: 0o600 });
      return { release: () => fs.rmSync(lock, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt > 2) throw error;
    }
    const holder = livingHolder(lock);
    if (holder !== null) throw new DirectoryLockedError(directory, holder);
    fs.rmSync(lock, { force: true });
  }
}

/** The pid of the process that holds the lock; null when it is gone, or never wrote its name. */
function livingHolder(lock: string): number | null {
  try {
    const { pid, started } = JSON.parse(fs.readFileSync(lock, 'utf8')) as {
      pid: number;
      started: string;
    };
    // A process may meet its own lock only after a restart inside one pid namespace (containers).
    return pid !== process.pid && startOf(pid) === started ? pid : null;
  } catch {
    // Cut off by a crash while it was written, or just removed.
    return null;
  }
}

/** What tells a process from a later one of the same pid; "" when it is gone. */
function startOf(pid: number): string {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return '';
  }
  if (process.platform !== 'linux') return 'alive';
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Fields after the name, which may itself hold spaces and brackets: state first, start time 20th.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? '' : (fields[19] ?? '');
  } catch {
    // Gone between the two looks.
    return '';
  }
}
