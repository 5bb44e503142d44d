import fs from 'node:fs';
import type { RunFile } from '@arbor/local-stack/run-file';

/** The kernel counts in ticks of 10 ms. */
const tickMs = 10;

interface Look {
  readonly at: number;
  /** Processor time of the machine, ms over all cores: what there was, and what anybody had of it. */
  readonly allMs: number;
  readonly busyMs: number;
  readonly ownMs: number;
}

/**
 * Measures how long something takes where the machine is shared: a second in which others (another stack beside this one, a build,
 * the host of a virtual machine) had half of the processors counts as half a second, one that was the stack's and this process's
 * alone as a whole one. Without Linux's `/proc` it is the time of the clock.
 */
export function ownTime(run: () => RunFile): () => number {
  const before = look(run());
  return () => {
    const after = look(run());
    const ms = after.at - before.at;
    const all = after.allMs - before.allMs;
    if (!(all > 0)) return ms;
    const others = after.busyMs - before.busyMs - (after.ownMs - before.ownMs);
    return ms * (1 - Math.min(1, Math.max(0, others / all)));
  };
}

function look(run: RunFile): Look {
  const at = performance.now();
  if (process.platform !== 'linux') return { at, allMs: 0, busyMs: 0, ownMs: 0 };
  // user nice system idle iowait irq softirq steal; what guests had is in `user` already.
  const [line = ''] = fs.readFileSync('/proc/stat', 'utf8').split('\n', 1);
  const ticks = line.trim().split(/\s+/).slice(1, 9).map(Number);
  const all = ticks.reduce((sum, one) => sum + one, 0);
  const [, , , idle = 0, waiting = 0] = ticks;
  const own = process.cpuUsage();
  const roots = [...run.processes.map(({ pid }) => pid), run.redis.pid, run.postgres.pid];
  const ownMs = roots.flatMap(withChildren).reduce((sum, pid) => sum + cpuMsOf(pid), 0);
  return {
    at,
    allMs: all * tickMs,
    busyMs: (all - idle - waiting) * tickMs,
    ownMs: ownMs + (own.user + own.system) / 1000,
  };
}

/** PostgreSQL works in processes that it starts. */
function withChildren(pid: number | undefined): number[] {
  if (pid === undefined) return [];
  const children = readProc(pid, `task/${pid}/children`).trim().split(/\s+/);
  return [pid, ...children.filter((one) => one !== '').map(Number)];
}

function cpuMsOf(pid: number): number {
  // The name in parentheses may hold spaces: fields are counted behind it.
  const fields = readProc(pid, 'stat')
    .replace(/^.*\) /s, '')
    .split(' ');
  return fields.length < 13 ? 0 : (Number(fields[11]) + Number(fields[12])) * tickMs;
}

/** Empty for one that has ended. */
function readProc(pid: number, name: string): string {
  try {
    return fs.readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}
