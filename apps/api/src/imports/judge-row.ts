import { lineInsertId } from '@arbor/runtime/line-insert-id';
import type { ImportProblem, ImportRow } from '@arbor/schema/imports';
import type { IngestEvent } from '@arbor/schema/ingest';
import type { EdgeSettings } from '../edge/ports.ts';
import type { EventContext } from '../edge/record/event-context.ts';
import { judgeImportEvent } from '../edge/record/import-event.ts';
import { RecordProblem } from '../edge/record/record-problem.ts';

/** What became of a row: its event, or why there is none. */
export type JudgedRow =
  { readonly event: IngestEvent } | { readonly problem: RecordProblem; readonly raw: unknown };

/**
 * Judges a row as a strict `/import` does (`ingestion-api.md` 3.2), so that whoever sends it learns what is wrong. What a
 * row does not say, nothing makes up but its `$insert_id`.
 */
export function judgeRow(
  { line, json }: ImportRow,
  { now, settings }: { readonly now: number; readonly settings: EdgeSettings },
): JudgedRow {
  let raw: unknown;
  try {
    raw = JSON.parse(json);
  } catch (error) {
    const message = `line is not valid json: ${(error as Error).message}`;
    return { problem: new RecordProblem('invalid', '', message), raw: json };
  }
  const judged = judgeImportEvent(withInsertId(raw, { line, json }), context(now, settings), true);
  return judged instanceof RecordProblem ? { problem: judged, raw } : { event: judged };
}

export function problemOf({ line }: ImportRow, { field, message }: RecordProblem): ImportProblem {
  return { line, field, reason: message };
}

/** The same as of a file that `cli import` reads: one that comes both ways counts once. */
function withInsertId(raw: unknown, { line, json }: ImportRow): unknown {
  if (!isObject(raw) || !isObject(raw['properties'])) return raw;
  const given = raw['properties']['$insert_id'];
  if (given !== undefined && given !== null) return raw;
  const $insert_id = lineInsertId(line, Buffer.from(json));
  return { ...raw, properties: { ...raw['properties'], $insert_id } };
}

/** Who imports is not who did it: neither his address nor his browser says anything of the event. */
function context(now: number, settings: EdgeSettings): EventContext {
  return {
    now,
    settings,
    damaged: false,
    connectionAddress: null,
    addressId: () => null,
    userAgent: null,
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
