import type { Segment } from '@arbor/schema/result';
import type { FunnelPlan } from '../../plan/plan-types.ts';
import { ascending, attemptFrame, pickAttempts } from '../attempts.ts';
import type { Attempts, AttributionRule } from '../attempts.ts';
import { narrowByFilters } from '../filter-mask.ts';
import type { RowContext } from '../row-context.ts';
import { segmentedBy, unsegmented } from '../segments.ts';
import type { Entries, SegmentedEntries } from '../segments.ts';
import { attemptSegments, hasSegments, isByRow, isByUser, onlyOthers } from './attempt-segments.ts';
import { chooseAttempts } from './choose-attempts.ts';
import type { Chosen } from './choose-attempts.ts';
import type { FunnelRows } from './funnel-rows.ts';
import { streamsOf } from './streams.ts';
import { segmentWalk, walkStreams, wholeWalk } from './walks.ts';
import type { Choice, WalkKind } from './walks.ts';

/** Attempts that count. */
export interface Counted {
  readonly attempts: Attempts;
  /** Places of those that count. */
  readonly places: Uint32Array;
}

/** Attempts that count in segments: places[i] in the segment of slots[i]. */
export interface CountedSegments extends Counted, Chosen {
  readonly segments: readonly Segment[];
}

/**
 * Finds the attempts of a view and those that count (5.2, 5.9). Entries lie between the edges, and each
 * period is a funnel of its own (5.11). Counts, times, sums and lists of users all come from here.
 */
export class FunnelCount {
  readonly #plan: FunnelPlan;
  readonly #context: RowContext;
  readonly #edges: Float64Array;
  readonly #rows: FunnelRows;
  #walked: Attempts | null = null;
  #whole: Counted | null = null;

  constructor(plan: FunnelPlan, context: RowContext, rows: FunnelRows, edges: Float64Array) {
    this.#plan = plan;
    this.#context = context;
    this.#edges = edges;
    this.#rows = rows;
  }

  /** What counts in the funnel without regard to segments. */
  whole(): Counted {
    this.#whole ??= this.#countWhole();
    return this.#whole;
  }

  /** What counts in segments; null where the plan has none. `listed`: null, or the keys of those that are not asked for. */
  segments(listed: readonly string[] | null): CountedSegments | null {
    if (!hasSegments(this.#plan)) return null;
    const { attempts, choice, bySlot } = this.#segmentAttempts();
    const { steps } = this.#rows;
    const found = attemptSegments(
      this.#plan,
      attempts,
      { rule: this.#rule(), bySlot, steps },
      this.#context,
    );
    const entries = listed === null ? found : onlyOthers(found, listed);
    const chosen = this.#passing(attempts, this.#choose(attempts, entries, choice));
    return { attempts, ...chosen, segments: entries.segments };
  }

  #countWhole(): Counted {
    const { choice, ...walk } = wholeWalk(this.#plan);
    const attempts = this.#walk(walk);
    const entries = unsegmented(ascending(attempts.count));
    return { attempts, ...this.#passing(attempts, this.#choose(attempts, entries, choice)) };
  }

  /** The attempts that are put into segments, and which of a group count in each. */
  #segmentAttempts(): {
    readonly attempts: Attempts;
    readonly choice: Choice;
    readonly bySlot: readonly Segment[] | null;
  } {
    if (isByRow(this.#plan)) {
      const { choice, ...walk } = wholeWalk(this.#plan);
      const lanes = this.#lanes();
      const attempts = this.#walkLanes(walk, lanes);
      return { attempts, choice, bySlot: lanes.segments };
    }
    const kind = isByUser(this.#plan, this.#context) ? null : segmentWalk(this.#plan);
    if (kind === null) {
      const { choice } = wholeWalk(this.#plan);
      const attempts = this.#walk(wholeWalk(this.#plan));
      const one = this.#choose(attempts, unsegmented(ascending(attempts.count)), choice);
      return { attempts: pickAttempts(attempts, one.places), choice: 'all', bySlot: null };
    }
    const { choice, ...walk } = kind;
    return { attempts: this.#walk(walk), choice, bySlot: null };
  }

  /** The rows of steps with the segments that they are in. */
  #lanes(): SegmentedEntries {
    return segmentedBy(this.#plan, this.#rows.stepRows, this.#context.frame);
  }

  /** Attempts of all streams; those of the whole funnel are found once. */
  #walk(walk: WalkKind): Attempts {
    if (!isSameWalk(walk, wholeWalk(this.#plan))) return this.#walkLanes(walk, null);
    this.#walked ??= this.#walkLanes(walk, null);
    return this.#walked;
  }

  #walkLanes(walk: WalkKind, lanes: Entries | null): Attempts {
    const { options } = this.#plan;
    const streams = streamsOf(this.#rows, options?.hold ?? [], lanes, this.#context);
    return walkStreams(this.#plan, streams, this.#rows, { ...walk, edges: this.#edges });
  }

  #choose(attempts: Attempts, entries: Entries, choice: Choice): Chosen {
    return chooseAttempts(attempts, entries, {
      choice,
      // Who is followed from one entry alone has no other attempt, and in any order only attempts are spoilt (5.7).
      dropsGroup: choice !== 'first' && this.#plan.options?.order !== 'any',
      groups: this.#groups(attempts),
      times: this.#context.view.times,
    });
  }

  /** By attempt: user and period, and session where each has one attempt. */
  #groups({ count, stepCount, users, periods, stepRows }: Attempts): Uint32Array {
    const groups = new Uint32Array(count);
    const sessions = this.#plan.options?.counting === 'sessions' ? this.#rows.sessions : null;
    for (let i = 1; i < count; i++) {
      const isSame =
        users[i] === users[i - 1] &&
        periods[i] === periods[i - 1] &&
        (sessions === null ||
          sessions[stepRows[i * stepCount]] === sessions[stepRows[(i - 1) * stepCount]]);
      groups[i] = groups[i - 1] + Number(!isSame);
    }
    return groups;
  }

  /** Global filters judge attempts by what they are attributed, after they were chosen (5.8). */
  #passing(attempts: Attempts, { places, slots }: Chosen): Chosen {
    const { filters } = this.#plan;
    if (filters.length === 0) return { places, slots };
    const mask = new Uint8Array(attempts.count).fill(1);
    narrowByFilters(filters, attemptFrame(attempts, this.#rule(), this.#context), mask);
    const kept = ascending(places.length).filter((i) => mask[places[i]] === 1);
    return {
      places: Uint32Array.from(kept, (i) => places[i]),
      slots: Uint32Array.from(kept, (i) => slots[i]),
    };
  }

  #rule(): AttributionRule {
    const { options } = this.#plan;
    const attribution = options?.attribution ?? { type: 'first' };
    const isNamed = options?.order === 'any' && attribution.type === 'step';
    return { attribution, fits: isNamed ? this.#rows.steps[attribution.step] : null };
  }
}

function isSameWalk(walk: WalkKind, other: WalkKind): boolean {
  return (
    walk.entries === other.entries &&
    walk.supersede === other.supersede &&
    walk.useOnce === other.useOnce &&
    walk.onlyMost === other.onlyMost &&
    walk.perSession === other.perSession
  );
}
