import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IngestRecord } from '@arbor/schema/ingest';
import type { PeopleImport } from '@arbor/schema/users-result';
import type { AuditLog } from '../audit/ports.ts';
import { nameOf } from '../auth/name-of.ts';
import { CsvError, type CsvRow, csvRows } from '@arbor/schema/csv-rows';
import type { BatchContent } from '../edge/batch-sender.ts';
import { judgePersonUpdate } from '../edge/record/person-update.ts';
import { RecordProblem } from '../edge/record/record-problem.ts';
import { ApiError } from '../errors.ts';
import type { PeopleImportRequest } from './ports.ts';

/** reports.md 10. */
const rowsMax = 1_000_000;
const bytesMax = 500 * 1024 * 1024;
const columnsMax = 255;
const problemsMax = 100;
/** Profiles in one job of the queue. */
const batchRows = 1000;
const idColumns: ReadonlySet<string> = new Set(['$distinct_id', 'distinct_id']);

export interface ImportDeps {
  /** Resolves once it is durable. */
  readonly send: (batch: BatchContent) => Promise<void>;
  /** Null = the queue has room. */
  readonly overloaded: () => { readonly retryAfterSeconds: number } | null;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly clock: () => number;
}

/**
 * Sets the properties of many people, row by row as the file comes in: nothing of it is held but the rows of one batch, and
 * no more is read while the queue is full. What was read before a failure stays, and to send the file again sets
 * the same once more.
 */
export async function importPeople(
  deps: ImportDeps,
  { project, columns, csv, by, signal }: PeopleImportRequest,
): Promise<PeopleImport> {
  const rows = new PersonRows(columns, deps.clock);
  let batch: IngestRecord[] = [];
  const flush = async (): Promise<void> => {
    const records = batch;
    batch = [];
    if (records.length > 0) await sendWhenThereIsRoom(deps, project.id, records, signal);
  };
  try {
    for await (const row of csvRows(bounded(csv))) {
      const record = rows.recordOf(row);
      if (record !== null) batch.push(record);
      if (batch.length === batchRows) await flush();
    }
    await flush();
  } catch (cause) {
    if (cause instanceof CsvError) throw invalid(cause.message, cause);
    throw cause;
  } finally {
    const { report, names } = rows;
    await deps.audit.record({
      projectId: project.id,
      actor: nameOf(by),
      action: 'people.import',
      details: { columns: names, rows: report.rows, refused: report.refused },
    });
  }
  return rows.report;
}

async function sendWhenThereIsRoom(
  { send, overloaded, clock }: ImportDeps,
  project: number,
  records: IngestRecord[],
  signal: AbortSignal,
): Promise<void> {
  for (let full = overloaded(); full !== null; full = overloaded()) {
    await sleep(full.retryAfterSeconds * 1000, undefined, { signal });
  }
  signal.throwIfAborted();
  await send({ queue: 'bulk', project, source: 'engage', receivedAt: clock(), records });
}

async function* bounded(csv: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of csv) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw invalid(`the file is larger than ${bytesMax / 1024 / 1024} MB`);
    yield chunk;
  }
}

/** Turns rows into updates of profiles, and counts them. */
class PersonRows {
  readonly #clock: () => number;
  #names: readonly string[] | null;
  readonly #report: { rows: number; refused: number; problems: PeopleImport['problems'] } = {
    rows: 0,
    refused: 0,
    problems: [],
  };

  /** `columns`: what they are called, where the file does not begin with that. */
  constructor(columns: readonly string[] | undefined, clock: () => number) {
    this.#clock = clock;
    this.#names = columns === undefined ? null : checked(columns);
  }

  get names(): readonly string[] {
    return this.#names ?? [];
  }

  get report(): PeopleImport {
    return this.#report;
  }

  /** Null = it is no update: the line with the names, or refused. */
  recordOf({ line, cells }: CsvRow): IngestRecord | null {
    const names = this.#names;
    if (names === null) {
      this.#names = checked(cells.map((name) => name.trim()));
      return null;
    }
    if (this.#report.rows + this.#report.refused >= rowsMax) {
      throw invalid(
        `the file has more than ${rowsMax} rows: what came before line ${line} was taken`,
      );
    }
    const record = this.#judge(names, cells);
    if (typeof record !== 'string') {
      this.#report.rows++;
      return record;
    }
    this.#report.refused++;
    if (this.#report.problems.length < problemsMax) {
      this.#report.problems.push({ line, reason: record });
    }
    return null;
  }

  /** The update, or why there is none. */
  #judge(names: readonly string[], cells: readonly string[]): IngestRecord | string {
    if (cells.length !== names.length) {
      return `it has ${cells.length} cells, and there are ${names.length} columns`;
    }
    const cell = (isNamed: (name: string) => boolean): string =>
      cells[names.findIndex(isNamed)]?.trim() ?? '';
    const values = names.flatMap((name, i) => {
      const text = cells[i] ?? '';
      return name === '' || text === '' || idColumns.has(name) ? [] : [[name, valueOf(text)]];
    });
    if (values.length === 0) return 'it has no property';
    const id = cell((name) => idColumns.has(name)) || cell((name) => name === '$email');
    const record = judgePersonUpdate(
      {
        $distinct_id: id || randomUUID(),
        $set: Object.fromEntries(values) as Record<string, unknown>,
        // By hand is not by the user, nor from where he is.
        $ignore_time: true,
        $ip: '0',
      },
      { now: this.#clock(), damaged: false, connectionAddress: null },
    );
    return record instanceof RecordProblem ? record.message : record;
  }
}

function checked(names: readonly string[]): readonly string[] {
  const used = names.filter((name) => name !== '');
  const twice = used.find((name, i) => used.indexOf(name) !== i);
  if (twice !== undefined) throw invalid(`two columns are called ${JSON.stringify(twice)}`);
  if (used.filter((name) => idColumns.has(name)).length > 1) {
    throw invalid('both $distinct_id and distinct_id are columns: name one of them otherwise');
  }
  if (!used.some((name) => !idColumns.has(name))) {
    throw invalid(`no column is a property: the columns are ${JSON.stringify(names)}`);
  }
  if (names.length > columnsMax) {
    throw invalid(`there are ${names.length} columns, and ${columnsMax} at most are read`);
  }
  return names;
}

/** Texts such as "007" and "1e3" are not how a number is written: they stay what they are. */
function valueOf(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?(0|[1-9]\d{0,14})(\.\d{1,9})?$/.test(text) ? Number(text) : text;
}

function invalid(message: string, cause?: unknown): ApiError {
  return new ApiError('INVALID_REQUEST', message, { cause });
}
