import { closeConnection, createProducerConnection, whenReady } from '@arbor/queue/connection';
import { createDeadLetters } from '@arbor/queue/dead-letters';
import { readMembers } from '@arbor/queue/membership';
import { readQueueDepths, type QueueDepth } from '@arbor/queue/queue-depths';
import { deadLetterQueue, ingestLanes, ingestQueue, storeQueues } from '@arbor/queue/queue-names';
import type { Member } from '@arbor/schema/cluster';
import { residentBytes } from '../process-table.ts';
import type { RunFile } from '../run-file.ts';
import { print, type CliCommand } from './command.ts';
import { requireRunningStack } from './running-stack.ts';
import { formatDuration, formatMegabytes, formatTable } from './table.ts';

export const statusCommand: CliCommand = {
  name: 'status',
  summary: 'what runs, what it takes, and what waits',
  plan: {
    usage: 'pnpm cli status [--json]',
    about: `Shows the processes of the running stack with their memory, whether it is ready, the depth of
its queues, and the shards each storage process serves.`,
    options: { json: { type: 'boolean', about: 'print one JSON object' } },
  },
  run: async ({ values }) => {
    const status = await readStatus(requireRunningStack());
    print(values.json === true ? JSON.stringify(status, null, 2) : formatStatus(status));
    return status.ready ? 0 : 1;
  },
};

type ProcessStatus = {
  name: string;
  role: string;
  zone: string;
  pid: number;
  port: number | null;
  uptimeMs: number;
  restarts: number;
  memoryBytes: number | null;
};

export type Status = {
  ready: boolean;
  /** What `/readyz` answered when it was not 200. */
  reason: string;
  api: string;
  web: string | null;
  processes: ProcessStatus[];
  memoryBytes: number;
  queues: QueueDepth[];
  deadLetters: number;
  storage: Pick<Member, 'name' | 'zone' | 'serving' | 'lagMs' | 'shards'>[];
};

/** Looks at everything once. The supervisor counts as a process: its memory is taken too. */
export async function readStatus(run: RunFile, now = Date.now()): Promise<Status> {
  const supervisor = {
    name: 'supervisor',
    role: 'supervisor',
    pid: run.supervisor,
    startedAt: run.startedAt,
    restarts: 0,
    zone: undefined,
    port: undefined,
  };
  const processes = [supervisor, ...run.processes].map((one) => ({
    name: one.name,
    role: one.role,
    zone: one.zone ?? '',
    pid: one.pid,
    port: one.port ?? null,
    uptimeMs: now - one.startedAt,
    restarts: one.restarts,
    // The others are the supervisor's children; only theirs is counted with all they started.
    memoryBytes: residentBytes(one.pid, { withChildren: one !== supervisor }),
  }));
  const [readiness, queues] = await Promise.all([askReady(run.api), readQueues(run)]);
  return {
    ...readiness,
    api: run.api,
    web: run.web,
    processes,
    memoryBytes: processes.reduce((sum, one) => sum + (one.memoryBytes ?? 0), 0),
    ...queues,
  };
}

async function askReady(api: string): Promise<{ ready: boolean; reason: string }> {
  try {
    const response = await fetch(`${api}/readyz`, { signal: AbortSignal.timeout(5000) });
    const text = await response.text();
    return { ready: response.ok, reason: response.ok ? '' : text.trim() };
  } catch (error) {
    return { ready: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

async function readQueues(
  run: RunFile,
): Promise<Pick<Status, 'queues' | 'deadLetters' | 'storage'>> {
  const redis = createProducerConnection(run.redis.url, () => {});
  try {
    const isReady = await Promise.race([
      whenReady(redis).then(() => true),
      new Promise<false>((resolve) => setTimeout(() => resolve(false), 3000).unref()),
    ]);
    if (!isReady) return { queues: [], deadLetters: 0, storage: [] };
    const names = [
      ...ingestLanes.map(ingestQueue),
      ...storeQueues(run).map(({ queue }) => queue),
      deadLetterQueue,
    ];
    const letters = createDeadLetters(redis, () => {});
    const [queues, members, deadLetters] = await Promise.all([
      readQueueDepths(redis, names, Date.now()),
      readMembers(redis, run.zones),
      letters.count(),
    ]);
    await letters.close();
    const storage = members.map(({ name, zone, serving, lagMs, shards }) => ({
      name,
      zone,
      serving,
      lagMs,
      shards,
    }));
    return { queues, deadLetters, storage };
  } finally {
    closeConnection(redis);
  }
}

export function formatStatus(status: Status): string {
  const processes = formatTable([
    ['process', 'role', 'zone', 'pid', 'port', 'up', 'restarts', 'memory'],
    ...status.processes.map((one) => [
      one.name,
      one.role,
      one.zone,
      one.pid,
      one.port ?? '',
      formatDuration(one.uptimeMs),
      one.restarts,
      one.memoryBytes === null ? 'unknown' : formatMegabytes(one.memoryBytes),
    ]),
  ]);
  const waiting = status.queues.filter(({ jobs }) => jobs > 0);
  const queues =
    waiting.length === 0
      ? 'queues: all empty'
      : formatTable([
          ['queue', 'jobs', 'oldest waits'],
          ...waiting.map(({ queue, jobs, waitMs }) => [queue, jobs, `${waitMs} ms`]),
        ]);
  const storage = formatTable([
    ['storage', 'zone', 'serving', 'lag', 'shards'],
    ...status.storage.map((one) => [
      one.name,
      one.zone,
      one.serving ? 'yes' : 'no',
      `${Math.round(one.lagMs)} ms`,
      one.shards.length,
    ]),
  ]);
  return [
    status.ready ? `ready  api ${status.api}` : `not ready: ${status.reason}`,
    '',
    processes,
    `memory of all processes: ${formatMegabytes(status.memoryBytes)}`,
    '',
    queues,
    `dead letters: ${status.deadLetters}`,
    '',
    storage,
  ].join('\n');
}
