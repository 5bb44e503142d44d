import { spawnSync } from 'node:child_process';
import fs from 'node:fs';

/**
 * What the operating system says about processes that may not be our children: ones that a killed
 * supervisor left behind, or that hold a lock. On Linux this comes from /proc, elsewhere from `ps`.
 */

type Stat = { readonly state: string; readonly group: number; readonly startTicks: string };

const isLinux = process.platform === 'linux';

function readStat(pid: number): Stat | null {
  try {
    // The command in brackets may hold spaces and brackets itself: what counts follows the last one.
    const text = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', group: Number(fields[2]), startTicks: fields[19] ?? '' };
  } catch {
    return null;
  }
}

/** True while the process runs; a zombie, which still answers signals, counts as gone. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  if (!isLinux) return true;
  const stat = readStat(pid);
  return stat !== null && stat.state !== 'Z' && stat.state !== 'X';
}

/**
 * A text that differs between two processes that had the same id one after the other, or null when
 * there is no such process.
 */
export function identityOf(pid: number): string | null {
  if (!isAlive(pid)) return null;
  if (isLinux) return readStat(pid)?.startTicks ?? null;
  const listed = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  return listed.status === 0 ? listed.stdout.trim() : null;
}

/** Living members of a process group whose environment holds `name=value`. */
export function groupMembers(group: number, marker: { name: string; value: string }): number[] {
  if (!isLinux) return isGroupAlive(group) ? [group] : [];
  const members: number[] = [];
  for (const entry of fs.readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    const stat = readStat(pid);
    if (stat === null || stat.group !== group || stat.state === 'Z') continue;
    if (environmentHas(pid, marker)) members.push(pid);
  }
  return members;
}

function environmentHas(pid: number, { name, value }: { name: string; value: string }): boolean {
  try {
    return fs.readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`${name}=${value}`);
  } catch {
    return false;
  }
}

function isGroupAlive(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}

/** Sends a signal to one process; one that is gone already is no error. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Sends a signal to a whole process group; an empty group is no error. */
export function signalGroup(group: number, signal: NodeJS.Signals): void {
  // -1 and 0 would reach every process, or our own group.
  if (!Number.isInteger(group) || group <= 1) throw new Error(`not a process group: ${group}`);
  try {
    process.kill(-group, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/**
 * Memory a process holds, with that of all its descendants if asked; null where it cannot be known.
 *
 * Pages shared between processes (PostgreSQL's buffers) are counted once over all of them: the
 * kernel's proportional set size divides a page among those that map it. Where that may not be read
 * (a process of another user), resident size stands in, which is never too small.
 */
export function residentBytes(
  pid: number,
  { withChildren }: { withChildren: boolean },
): number | null {
  if (!isLinux) return listedBytes(pid);
  let total: number | null = null;
  for (const member of withChildren ? treeOf(pid) : [pid]) {
    const kilobytes =
      fieldOf(`/proc/${member}/smaps_rollup`, /^Pss:\s+(\d+) kB$/m) ??
      fieldOf(`/proc/${member}/status`, /^VmRSS:\s+(\d+) kB$/m);
    if (kilobytes !== null) total = (total ?? 0) + kilobytes * 1024;
  }
  return total;
}

function listedBytes(pid: number): number | null {
  const listed = spawnSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' });
  const kilobytes = Number(listed.stdout?.trim());
  return listed.status === 0 && Number.isFinite(kilobytes) ? kilobytes * 1024 : null;
}

function treeOf(root: number): number[] {
  const parents = new Map<number, number>();
  for (const entry of fs.readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    const parent = fieldOf(`/proc/${pid}/status`, /^PPid:\s+(\d+)$/m);
    if (parent !== null) parents.set(pid, parent);
  }
  const tree = [root];
  for (const member of tree) {
    for (const [pid, parent] of parents) if (parent === member) tree.push(pid);
  }
  return tree;
}

function fieldOf(file: string, pattern: RegExp): number | null {
  try {
    const match = pattern.exec(fs.readFileSync(file, 'utf8'));
    return match === null ? null : Number(match[1]);
  } catch {
    return null;
  }
}
