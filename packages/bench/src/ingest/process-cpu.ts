import fs from 'node:fs';
import type { RunFile } from '@arbor/local-stack/run-file';
import { cpuMsOf } from '../measure/process-usage.ts';

/** Processor time by process, ms so far. PostgreSQL's is that of all its processes. */
export function cpuByProcess(run: RunFile): Map<string, number> {
  const cpu = new Map<string, number>();
  for (const { name, pid } of run.processes) cpu.set(name, cpuMsOf(pid));
  if (run.redis.pid !== undefined) cpu.set('redis', cpuMsOf(run.redis.pid));
  if (run.postgres.pid !== undefined) cpu.set('postgres', familyCpuMs(run.postgres.pid));
  cpu.set('senders', process.cpuUsage().user / 1000 + process.cpuUsage().system / 1000);
  return cpu;
}

/** A process and those it started that still run. */
function familyCpuMs(pid: number): number {
  const children = fs.existsSync(`/proc/${pid}/task/${pid}/children`)
    ? fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(/\s+/)
    : [];
  const own = [pid, ...children.filter((one) => one !== '').map(Number)].map(cpuMsOf);
  return own.reduce((sum, ms) => sum + (Number.isNaN(ms) ? 0 : ms), 0);
}

/** What each spent between two looks, ms. */
export function cpuSpent(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): [string, number][] {
  return [...after].map(([name, spent]) => [name, spent - (before.get(name) ?? 0)]);
}
