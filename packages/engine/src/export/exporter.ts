import { must } from '../base/assert.ts';
import { EngineError } from '../base/errors.ts';
import { OpenSegments } from '../query/host/open-segments.ts';
import { valuesOf } from '../query/host/shared-snapshot.ts';
import { UserTable } from '../query/host/user-table.ts';
import {
  DecodedDay,
  type DayUnit,
  memoryPart,
  type OpenPart,
  segmentPart,
  unitsOf,
} from './day-unit.ts';
import { ExportDay } from './export-day.ts';
import type {
  ExportPart,
  ExportSetup,
  ExportShard,
  FromExporter,
  ToExporter,
} from './export-messages.ts';
import type { PersonColumn } from './slice-view.ts';

/** Decoded columns of a day that are kept for its next slice. */
const decodedBytesMax = 256 * 1024 * 1024;

/**
 * One export as its thread does it: it is given a day, and then makes lines of it whenever it is asked for more. What
 * nobody reads is not made.
 */
export class Exporter {
  readonly #setup: ExportSetup;
  readonly #events: ReadonlySet<string> | null;
  readonly #persons: readonly ReadonlyMap<string, PersonColumn>[];
  readonly #sliceRows: number | undefined;
  #left: number;
  #lines: Generator<Buffer, number> | null = null;
  #files = new OpenSegments(0);

  /** `sliceRows`: of a day that are put together at once; default: as many as fit. */
  constructor(setup: ExportSetup, sliceRows?: number) {
    const { events, limit } = setup.request;
    this.#setup = setup;
    this.#events = events === null ? null : new Set(events);
    this.#persons = setup.persons.map((columns) => new Map(columns.map(personColumn)));
    this.#sliceRows = sliceRows;
    this.#left = limit ?? Number.MAX_SAFE_INTEGER;
  }

  /** Null = nothing is to be said to that. */
  take(message: ToExporter): FromExporter | null {
    try {
      if (message.type === 'next') return this.#next();
      this.#begin(message.day, message.shards);
      return null;
    } catch (error) {
      const { message: text, stack = '' } =
        error instanceof Error ? error : new Error(String(error));
      const code = error instanceof EngineError ? error.code : null;
      return { type: 'failed', error: { code, message: text, stack } };
    }
  }

  /** Files stay open until the day is done: one that leaves the catalog meanwhile can be read to its end. */
  #begin(day: number, shards: readonly ExportShard[]): void {
    const { request } = this.#setup;
    const units = shards.flatMap(({ shard, users, parts }, index): DayUnit[] => {
      const place = { project: request.project, shard, day };
      const open = parts.map((part) => this.#open(part, place));
      const table = new UserTable(users);
      return unitsOf(open, { shard: index, users: table, events: this.#events });
    });
    const decoded = new DecodedDay(decodedBytesMax);
    const exported = new ExportDay(day, units, { request, persons: this.#persons, decoded });
    this.#lines = exported.lines(this.#left, this.#sliceRows);
  }

  #open(
    part: ExportPart,
    place: { readonly project: number; readonly shard: number; readonly day: number },
  ): OpenPart {
    if (part.type === 'memory') return memoryPart(part.rows, part.hiddenRows);
    return segmentPart(this.#files.open({ path: part.path, ...place }), part.hiddenRows);
  }

  #next(): FromExporter {
    const step = must(this.#lines, 'a day').next();
    if (!step.done) return { type: 'lines', bytes: step.value };
    this.#left -= step.value;
    this.#lines = null;
    this.#files.trim();
    return { type: 'day done', isLast: this.#left <= 0 };
  }
}

function personColumn([name, { codes, values }]: ExportSetup['persons'][number][number]): [
  string,
  PersonColumn,
] {
  return [name, { codes, values: valuesOf(values) }];
}
