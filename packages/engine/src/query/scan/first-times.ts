import type { MatchPlan, SelectorPlan } from '../plan/plan-types.ts';
import { firstRunOf, MaskScratch } from './day-span.ts';
import { compileMatch } from './row-mask.ts';
import type { EventMatch } from './row-mask.ts';
import type { DayRows, EventRows, ScanSource } from './scan-source.ts';

/** Who of a range of users has had his first time, by match that asks for it and by user of the range. */
export type HadFirst = readonly Uint8Array[];

/** Rows of a range of users of one event and day: runs firstRun … endRun − 1, rows first … end − 1. */
interface RunRows {
  readonly firstRun: number;
  readonly endRun: number;
  readonly first: number;
  readonly end: number;
}

/**
 * The matches of some selectors that let through only what a user does the first time ever (3.4). Days come in
 * ascending order, those before the range of the report among them: who was there before is remembered.
 *
 * A match that asks for it is the only one of its selector that speaks of its event, which it names (`isPlainStep`).
 */
export class FirstTimes {
  readonly #asked: readonly FirstTime[];
  readonly #mask = new MaskScratch();

  constructor(selectors: readonly SelectorPlan[], source: ScanSource) {
    this.#asked = selectors.flatMap((selector, index) =>
      selector.flatMap((match) => firstTimeOf(index, match, source)),
    );
  }

  /** Of so many users; nobody has had his first time. */
  begin(userCount: number): HadFirst {
    return this.#asked.map(() => new Uint8Array(userCount));
  }

  /** Which match of a selector asks for the first time of an event; −1 = none. */
  of(selector: number, event: number): number {
    return this.#asked.findIndex((own) => own.selector === selector && own.event === event);
  }

  /**
   * Keeps of the mask, which is of the rows from `slice.first` on, those of each user's first instant ever; `base`:
   * ordinal of user 0 of the range.
   */
  keep(
    asked: number,
    rows: EventRows,
    slice: RunRows,
    had: HadFirst,
    base: number,
    mask: Uint8Array,
  ): void {
    const own = this.#rowsOf(asked, rows, slice);
    if (own === 'none') mask.fill(0, 0, slice.end - slice.first);
    else keepFirstInstants(rows, slice, { had: had[asked], base, own }, mask);
  }

  /** Once the day was looked at: whoever did it today has had his first time. */
  pass(day: DayRows, base: number, userCount: number, had: HadFirst): void {
    for (let asked = 0; asked < this.#asked.length; asked++) {
      const rows = day.events.find(({ event }) => event === this.#asked[asked].event);
      if (rows === undefined) continue;
      const firstRun = firstRunOf(rows.users, base);
      const endRun = firstRunOf(rows.users, base + userCount, firstRun);
      const slice = { firstRun, endRun, first: rows.starts[firstRun], end: rows.starts[endRun] };
      const own = this.#rowsOf(asked, rows, slice);
      if (own !== 'none') markHad(rows, slice, own, base, had[asked]);
    }
  }

  /** 1 where a row is one of those of which the first is asked for; null = all are. */
  #rowsOf(asked: number, rows: EventRows, { first, end }: RunRows): Uint8Array | null | 'none' {
    const { matching } = this.#asked[asked];
    if (matching === null) return null;
    const mask = this.#mask.take(end - first);
    const judgement = matching.judgeRows(rows, first, end, mask);
    if (judgement === 'all') return null;
    return judgement === 'none' ? 'none' : mask;
  }
}

interface FirstTime {
  readonly selector: number;
  readonly event: number;
  /** Rows of which the first is asked for; null = every one of the event. */
  readonly matching: EventMatch | null;
}

function firstTimeOf(
  selector: number,
  { event: name, filters, firstTime }: MatchPlan,
  source: ScanSource,
): FirstTime[] {
  if (firstTime === undefined || name === null) return [];
  const event = source.eventNames.indexOf(name);
  if (event < 0) return [];
  const isOfAll = firstTime === 'event' || filters.length === 0;
  // Filters that users decide let all rows of a user through, or none: they are not asked again.
  const match = compileMatch([{ event: name, filters }], [], source);
  return [{ selector, event, matching: isOfAll ? null : match.ofEvent(event) }];
}

/** Who has had his first time has no row that is one; of all others the rows at the first instant are. */
export function keepFirstInstants(
  { users, starts, times }: Pick<EventRows, 'users' | 'starts' | 'times'>,
  { firstRun, endRun, first }: RunRows,
  {
    had,
    base,
    own,
  }: { readonly had: Uint8Array; readonly base: number; readonly own: Uint8Array | null },
  mask: Uint8Array,
): void {
  for (let run = firstRun; run < endRun; run++) {
    const end = starts[run + 1];
    let row = starts[run];
    if (had[users[run] - base] === 1) {
      mask.fill(0, row - first, end - first);
      continue;
    }
    for (; row < end && own !== null && own[row - first] === 0; row++) mask[row - first] = 0;
    if (row === end) continue;
    const firstMs = times[row];
    while (row < end && times[row] === firstMs) {
      if (own !== null) mask[row - first] &= own[row - first];
      row++;
    }
    mask.fill(0, row - first, end - first);
  }
}

/** `own`: 1 by row from `first` on where the row counts; null = all do. */
export function markHad(
  { users, starts }: Pick<EventRows, 'users' | 'starts'>,
  { firstRun, endRun, first }: RunRows,
  own: Uint8Array | null,
  base: number,
  had: Uint8Array,
): void {
  for (let run = firstRun; run < endRun; run++) {
    if (own === null) had[users[run] - base] = 1;
    else {
      for (let row = starts[run]; row < starts[run + 1]; row++) {
        if (own[row - first] === 1) had[users[run] - base] = 1;
      }
    }
  }
}
