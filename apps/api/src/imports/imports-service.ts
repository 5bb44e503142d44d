import type { ImportRow, RefusalReason, SavedImport } from '@arbor/schema/imports';
import type { IngestEvent } from '@arbor/schema/ingest';
import { nameOf } from '../auth/name-of.ts';
import type { BatchContent } from '../edge/batch-sender.ts';
import { EdgeFailure } from '../edge/edge-failure.ts';
import type { EdgeSettings, LaneState } from '../edge/ports.ts';
import type { RecordProblem } from '../edge/record/record-problem.ts';
import type { RejectedRecords } from '../edge/rejected-records.ts';
import { ApiError } from '../errors.ts';
import { reasonText } from '../health/reason-text.ts';
import { type ImportStore, mergeReasons } from './import-store.ts';
import { judgeRow, problemOf } from './judge-row.ts';
import type { Imports } from './ports.ts';

export interface ImportsDeps {
  readonly store: ImportStore;
  readonly settingsOf: (project: { readonly token: string }) => Promise<EdgeSettings>;
  /** Resolves once it is durable; rejects with `EdgeFailure`. */
  readonly send: (batch: BatchContent) => Promise<void>;
  /** Null = the queue of files has room. */
  readonly overloaded: () => { readonly retryAfterSeconds: number } | null;
  /** Of the queue of files. */
  readonly lane: () => LaneState;
  readonly rejected: Pick<RejectedRecords, 'report'>;
  /** ms UTC. */
  readonly clock: () => number;
}

/** A file waits while its lane is further behind than this: others send there, too. */
const behindMsMax = 5000;
const waitSeconds = 2;

export function createImports(deps: ImportsDeps): Imports {
  const { store, settingsOf, rejected, clock } = deps;
  return {
    list: (projectId, page) => store.list(projectId, page),
    get: (projectId, id) => store.get(projectId, id),
    create: (project, request, by) => store.create(project.id, request, nameOf(by)),
    check: async (project, rows) => {
      const context = { now: clock(), settings: await settingsOf(project) };
      return rows.map((row) => {
        const judged = judgeRow(row, context);
        if ('problem' in judged) {
          return { line: row.line, event: null, problem: problemOf(row, judged.problem) };
        }
        const { event, time, distinctId, properties } = judged.event;
        const shown = { event, timeMs: time, distinctId, properties };
        return { line: row.line, event: shown, problem: null };
      });
    },
    add: async (project, id, { from, rows }) => {
      const before = await store.get(project.id, id);
      demandNext(before, { from, count: rows.length });
      demandRoom(deps);
      const now = clock();
      const judged = judgeRows(rows, { now, settings: await settingsOf(project) });
      await sendEvents(deps, project.id, { records: judged.events, now });
      const accepted = judged.events.length;
      const answered = { from, count: rows.length, accepted, reasons: judged.reasons };
      const saved = await store.advance(project.id, id, answered);
      // Rows that came before were told of then.
      if (before.nextRow === from && judged.refused.length > 0) {
        rejected.report(project.id, judged.refused, { now, source: 'import' });
      }
      const refused = judged.refused.map(({ row, problem }) => problemOf(row, problem));
      return { accepted, refused, import: saved };
    },
    setState: (project, id, { state, by }) =>
      store.setState(project.id, id, { state, actor: nameOf(by) }),
  };
}

/** The next rows, or some that were counted before: their answer was lost on its way. */
function demandNext(
  { id, state, nextRow }: SavedImport,
  { from, count }: { readonly from: number; readonly count: number },
): void {
  if (state !== 'open') throw new ApiError('CONFLICT', `import ${id} is ${state}`);
  if (from === nextRow || from + count <= nextRow) return;
  throw new ApiError('CONFLICT', `import ${id} goes on with row ${nextRow}, not ${from}`);
}

function demandRoom({ overloaded, lane }: ImportsDeps): void {
  const full = overloaded();
  const retryAfterSeconds =
    full?.retryAfterSeconds ?? (lane().behindMs > behindMsMax ? waitSeconds : null);
  if (retryAfterSeconds === null) return;
  throw new ApiError('OVERLOADED', 'files are stored more slowly than they come', {
    retryAfterSeconds,
  });
}

interface RefusedRow {
  readonly row: ImportRow;
  readonly index: number;
  readonly problem: RecordProblem;
  readonly raw: unknown;
}

function judgeRows(
  rows: readonly ImportRow[],
  context: Parameters<typeof judgeRow>[1],
): { events: IngestEvent[]; refused: RefusedRow[]; reasons: RefusalReason[] } {
  const events: IngestEvent[] = [];
  const refused: RefusedRow[] = [];
  for (const [index, row] of rows.entries()) {
    const judged = judgeRow(row, context);
    if ('event' in judged) events.push(judged.event);
    else refused.push({ row, index, ...judged });
  }
  const reasons = mergeReasons(
    [],
    refused.map(({ problem }) => ({ reason: reasonText(problem.message), count: 1 })),
  );
  return { events, refused, reasons };
}

async function sendEvents(
  { send }: ImportsDeps,
  project: number,
  { records, now }: { readonly records: IngestEvent[]; readonly now: number },
): Promise<void> {
  if (records.length === 0) return;
  try {
    await send({ queue: 'bulk', project, source: 'import', receivedAt: now, records });
  } catch (cause) {
    if (!(cause instanceof EdgeFailure)) throw cause;
    throw new ApiError('UNAVAILABLE', 'rows cannot be stored right now', {
      cause,
      retryAfterSeconds: cause.retryAfterSeconds ?? waitSeconds,
    });
  }
}
