import { EngineError, engineErrors, type EngineErrorCode } from '../base/errors.ts';
import { dayMs } from '../format/segment/segment-rows.ts';
import { inSharedMemory, jsonOf, sharedRows, sharedUsers } from '../query/host/shared-snapshot.ts';
import type { SharedPersonColumn } from '../query/host/thread-messages.ts';
import type { DayPart, ProjectSnapshot } from '../query/scan/project-snapshot.ts';
import { rowNeeds } from '../query/scan/row-needs.ts';
import type {
  ExportPart,
  ExportRequest,
  ExportSetup,
  ExportShard,
  FromExporter,
} from './export-messages.ts';
import { type ExportWorker, startExportThread } from './export-worker.ts';
import { checkRowFilters } from './row-filters.ts';

export interface ExportRowsOptions {
  readonly signal: AbortSignal;
  /** Default: a thread. */
  readonly start?: (setup: ExportSetup, signal: AbortSignal) => ExportWorker;
}

/**
 * The events of a project in some shards as lines of JSON, in order of time, each event once, in chunks that end with
 * a line. One thread makes them, a chunk whenever one is asked for; ending the loop ends it.
 *
 * `snapshots` gives what the shards hold now. It is asked anew for every day, so that an export that takes hours reads
 * files that are there; each day is of one moment.
 *
 * Throws INVALID_QUERY for filters that an export cannot do, what reading segments throws, SCAN_FAILED when the
 * thread dies, and the reason of `signal`.
 */
export async function* exportRows(
  request: ExportRequest,
  snapshots: () => readonly ProjectSnapshot[],
  { signal, start = startExportThread }: ExportRowsOptions,
): AsyncGenerator<Uint8Array, void> {
  checkRowFilters(request.plan.filters);
  const { plan, fromMs } = request;
  const thread = start({ request, persons: personsOf(request, snapshots()) }, signal);
  const lastDay = Math.floor((plan.endMs - 1) / dayMs);
  try {
    let day = Math.floor(Math.max(plan.startMs, fromMs ?? plan.startMs) / dayMs) - 1;
    for (;;) {
      const now = snapshots();
      const next = dayAfter(now, day);
      if (next === null || next > lastDay) return;
      day = next;
      thread.send({ type: 'day', day, shards: await shardsOf(now, day) });
      const isLast = yield* linesOfDay(thread);
      if (isLast) return;
    }
  } finally {
    await thread.end();
  }
}

async function* linesOfDay(thread: ExportWorker): AsyncGenerator<Uint8Array, boolean> {
  for (;;) {
    thread.send({ type: 'next' });
    const answer = await thread.answer();
    if (answer.type === 'day done') return answer.isLast;
    if (answer.type === 'failed') throw errorOf(answer.error);
    yield answer.bytes;
  }
}

/** The first day after this one on which any shard has rows; null = none has. */
function dayAfter(snapshots: readonly ProjectSnapshot[], day: number): number | null {
  const next = snapshots.flatMap(({ days }) => days.find((own) => own.day > day)?.day ?? []);
  return next.length === 0 ? null : Math.min(...next);
}

function personsOf(
  { plan }: ExportRequest,
  snapshots: readonly ProjectSnapshot[],
): ExportSetup['persons'] {
  const names = [...rowNeeds(plan).personProperties];
  return snapshots.map((snapshot) =>
    names.flatMap((name): (readonly [string, SharedPersonColumn])[] => {
      const column = snapshot.personProperty(name);
      if (column === undefined) return [];
      return [[name, { codes: inSharedMemory(column.codes), values: jsonOf(column.values) }]];
    }),
  );
}

async function shardsOf(
  snapshots: readonly ProjectSnapshot[],
  day: number,
): Promise<ExportShard[]> {
  const shards: ExportShard[] = [];
  for (const { shard, users, redirects, days } of snapshots) {
    const parts: ExportPart[] = [];
    for (const part of days.find((own) => own.day === day)?.parts ?? []) {
      parts.push(await exportPart(part));
    }
    shards.push({ shard, users: sharedUsers(users, redirects), parts });
  }
  return shards;
}

/** Columns of memory are made one a turn of the event loop, because batches arrive meanwhile. */
async function exportPart(part: DayPart): Promise<ExportPart> {
  const { hiddenRows } = part;
  if (part.type === 'segment') return { type: 'segment', path: part.path, hiddenRows };
  for (const name of part.propertyNames()) {
    void part.rows(new Set([name])).properties;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { type: 'memory', rows: sharedRows(part.rows('all')), hiddenRows };
}

function errorOf({ code, message, stack }: Extract<FromExporter, { type: 'failed' }>['error']) {
  const known = code !== null && code in engineErrors ? (code as EngineErrorCode) : 'SCAN_FAILED';
  const error = new EngineError(known, message);
  error.stack = stack;
  return error;
}
