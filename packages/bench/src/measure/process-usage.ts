import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { filesIn } from '../data-folder.ts';

/** What Linux says of another process; undefined elsewhere. */
export interface MemoryUsage {
  /** Resident now. */
  readonly nowMb: number;
  /** The most since the peak was reset. */
  readonly peakMb: number;
}

export function memoryOf(pid: number): MemoryUsage | undefined {
  const text = readProc(pid, 'status');
  if (text === undefined) return undefined;
  const megabytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) / 1024;
  return { nowMb: megabytes('VmRSS'), peakMb: megabytes('VmHWM') };
}

/** From here on the peak is that of what follows. */
export function resetPeak(pid: number): void {
  if (process.platform === 'linux') fs.writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

/** Processor time of all threads so far, ms. Linux counts it in ticks of 10 ms. */
export function cpuMsOf(pid: number): number {
  // The name in parentheses may hold spaces: fields are counted behind it.
  const fields = readProc(pid, 'stat')
    ?.replace(/^.*\) /s, '')
    .split(' ');
  return fields === undefined ? NaN : (Number(fields[11]) + Number(fields[12])) * 10;
}

function readProc(pid: number, name: string): string | undefined {
  return process.platform === 'linux' ? fs.readFileSync(`/proc/${pid}/${name}`, 'utf8') : undefined;
}

/**
 * Makes the system forget the contents of the files in a folder, so that the next reader reads the disk; needs
 * no rights but to read them. (A host below a virtual machine may still have them.) Files that are open for
 * writing with unwritten pages are synced first, because only clean pages can be dropped.
 */
export function dropFromPageCache(folder: string): void {
  const files = filesIn(folder);
  const some = 200; // names a command line, below the bound of the system
  for (let i = 0; i < files.length; i += some) {
    const script = 'for f in "$@"; do dd if="$f" iflag=nocache count=0 status=none; done';
    execFileSync('sh', ['-c', `sync "$@"; ${script}`, 'sh', ...files.slice(i, i + some)]);
  }
}
