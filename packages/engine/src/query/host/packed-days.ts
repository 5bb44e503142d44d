import type { Span } from './thread-messages.ts';

/**
 * Days with the places of their columns, as numbers: thousands of objects would take longer to send to a
 * thread than the thread takes to scan what they describe. For each day: its start, its activity (users,
 * then the slab and offset of these, of first and of last times), number of events, then for each event
 *
 *     event, rows, runs (length, slab, offset), times (slab, offset), ties (slab, offset), number of columns,
 *     then for each of them name, slab, offset, width, dictionary
 *
 * A slab of −1 = there is none. Names are indices into `names`.
 */
export interface PackedDays {
  readonly dayCount: number;
  readonly numbers: Float64Array;
  readonly names: readonly string[];
}

/** An event of a day with the places of its columns. */
export interface PackedEvent {
  readonly event: number;
  readonly rowCount: number;
  readonly runs: Span | null;
  readonly times: Span | null;
  readonly ties: Span | null;
  readonly columns: readonly PackedColumn[];
}

export interface PackedColumn {
  readonly name: string;
  readonly codes: Span;
  /** As threads know it. */
  readonly dictionary: number;
}

export interface PackedActivity {
  readonly users: Span;
  /** Null = no plan of the query needs times. */
  readonly firsts: Span | null;
  readonly lasts: Span | null;
}

export interface PackedDay {
  readonly startMs: number;
  readonly activity: PackedActivity | null;
  readonly events: readonly PackedEvent[];
}

export function packDays(days: readonly PackedDay[]): PackedDays {
  const names = new Map<string, number>();
  const numbers: number[] = [];
  for (const { startMs, activity, events } of days) {
    numbers.push(startMs, activity?.users.length ?? 0);
    for (const span of [activity?.users, activity?.firsts, activity?.lasts]) {
      numbers.push(span?.slab ?? -1, span?.offset ?? 0);
    }
    numbers.push(events.length);
    for (const event of events) packEvent(event, names, numbers);
  }
  return { dayCount: days.length, numbers: Float64Array.from(numbers), names: [...names.keys()] };
}

function packEvent(event: PackedEvent, names: Map<string, number>, numbers: number[]): void {
  const { runs, times, ties, columns } = event;
  numbers.push(event.event, event.rowCount, runs?.length ?? 0, runs?.slab ?? -1, runs?.offset ?? 0);
  numbers.push(times?.slab ?? -1, times?.offset ?? 0);
  numbers.push(ties?.slab ?? -1, ties?.offset ?? 0, columns.length);
  for (const { name, codes, dictionary } of columns) {
    let index = names.get(name);
    if (index === undefined) names.set(name, (index = names.size));
    numbers.push(index, codes.slab, codes.offset, codes.width, dictionary);
  }
}

export function unpackDays({ dayCount, numbers, names }: PackedDays): PackedDay[] {
  const reader = new NumberReader(numbers);
  return Array.from({ length: dayCount }, () => {
    const startMs = reader.next();
    const activity = unpackActivity(reader);
    const eventCount = reader.next();
    return {
      startMs,
      activity,
      events: Array.from({ length: eventCount }, () => unpackEvent(reader, names)),
    };
  });
}

function unpackActivity(reader: NumberReader): PackedActivity | null {
  const userCount = reader.next();
  const users = reader.spanOrNull(userCount);
  const firsts = reader.spanOrNull(userCount);
  const lasts = reader.spanOrNull(userCount);
  return users && { users, firsts, lasts };
}

function unpackEvent(reader: NumberReader, names: readonly string[]): PackedEvent {
  const event = reader.next();
  const rowCount = reader.next();
  const runs = reader.spanOrNull(reader.next());
  const times = reader.spanOrNull(rowCount);
  const ties = reader.spanOrNull(rowCount);
  const columnCount = reader.next();
  const columns = Array.from({ length: columnCount }, (): PackedColumn => {
    const name = names[reader.next()];
    const place = reader.span(rowCount);
    const codes = { ...place, width: reader.next() as Span['width'] };
    return { name, codes, dictionary: reader.next() };
  });
  return { event, rowCount, runs, times, ties, columns };
}

class NumberReader {
  readonly #numbers: Float64Array;
  #at = 0;

  constructor(numbers: Float64Array) {
    this.#numbers = numbers;
  }

  next(): number {
    return this.#numbers[this.#at++];
  }

  /** Slab and offset of an array of 32-bit numbers. */
  span(length: number): Span {
    return { slab: this.next(), offset: this.next(), length, width: 4 };
  }

  /** The same of one that may be missing. */
  spanOrNull(length: number): Span | null {
    const span = this.span(length);
    return span.slab < 0 ? null : span;
  }
}
