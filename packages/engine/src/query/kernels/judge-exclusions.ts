import type { AttemptLimits } from './follow-in-order.ts';
import type { Obstacles } from './obstacles.ts';
import type { StreamIndex } from './stream-index.ts';

/** Events that must not come between two steps (5.7), counted in the order in which steps are done. */
export interface ExclusionRule {
  readonly obstacles: Obstacles;
  readonly from: number;
  readonly to: number;
  /** Spoils the whole attempt; else it keeps the steps before. */
  readonly drops: boolean;
}

/** What ends an attempt beside its window. */
export interface AttemptEnd {
  readonly timeMs: number;
  readonly lastSession: number;
  /** Events from this view row on are not of the attempt any more. */
  readonly viewRowEnd: number;
}

/** After the last row of every view. */
const never = 0xffff_ffff;

/**
 * Judges attempts by exclusions: one that lies more than the grace after step `from`, and more than the grace
 * before step `to` or, where that is not reached, within the attempt, and that is no step of the attempt.
 */
export class ExclusionJudge {
  /** How many steps the attempt judged last keeps. */
  kept = 0;
  /** View row of the exclusion that ended it; −1 = none did. */
  endedAt = -1;
  isSpoilt = false;
  /** It is spoilt and reached the last step of the exclusion. */
  isSpoiltAfter = false;
  readonly #index: StreamIndex;
  readonly #rules: readonly ExclusionRule[];
  readonly #graceMs: number;

  constructor(
    index: StreamIndex,
    rules: readonly ExclusionRule[],
    { graceMs }: Pick<AttemptLimits, 'graceMs'>,
  ) {
    this.#index = index;
    this.#rules = rules;
    this.#graceMs = graceMs;
  }

  open(user: number): void {
    for (const { obstacles } of this.#rules) obstacles.open(user);
  }

  /** `rows`: of the steps that the attempt reached, `reached` of them. */
  judge(rows: Int32Array, reached: number, end: AttemptEnd): void {
    this.kept = reached;
    this.endedAt = -1;
    this.isSpoilt = false;
    this.isSpoiltAfter = false;
    if (this.#rules.length === 0) return;
    let stoppedAt = never;
    for (const rule of this.#rules) {
      if (rule.drops) continue;
      const at = this.#find(rule, { rows, reached }, end);
      if (at < 0 || rule.obstacles.rows.viewRows[at] >= stoppedAt) continue;
      stoppedAt = rule.obstacles.rows.viewRows[at];
      this.kept = this.#stepsBefore(rows, reached, rule.obstacles.rows.times[at]);
    }
    this.#judgeDrops(rows, { ...end, viewRowEnd: Math.min(end.viewRowEnd, stoppedAt) }, stoppedAt);
  }

  #judgeDrops(rows: Int32Array, end: AttemptEnd, stoppedAt: number): void {
    let endedAt = stoppedAt;
    for (const rule of this.#rules) {
      if (!rule.drops) continue;
      const at = this.#find(rule, { rows, reached: this.kept }, end);
      if (at < 0) continue;
      this.isSpoilt = true;
      if (rule.to < this.kept) this.isSpoiltAfter = true;
      endedAt = Math.min(endedAt, rule.obstacles.rows.viewRows[at]);
    }
    this.endedAt = endedAt === never ? -1 : endedAt;
  }

  /** The first obstacle in the way of an attempt that reached so many steps; −1 = none. */
  #find(
    { obstacles, from, to }: ExclusionRule,
    { rows, reached }: { readonly rows: Int32Array; readonly reached: number },
    end: AttemptEnd,
  ): number {
    if (from >= reached) return -1;
    const { times } = this.#index.rows;
    const { times: at, viewRows, sessions } = obstacles.rows;
    let found = obstacles.after(times[rows[from]] + this.#graceMs);
    while (found < obstacles.end && this.#isStep(viewRows[found], rows, reached)) found++;
    if (found >= obstacles.end) return -1;
    if (to < reached) return at[found] < times[rows[to]] - this.#graceMs ? found : -1;
    const isWithin =
      at[found] <= end.timeMs &&
      viewRows[found] < end.viewRowEnd &&
      (end.lastSession === 0 || sessions[found] <= end.lastSession);
    return isWithin ? found : -1;
  }

  #isStep(viewRow: number, rows: Int32Array, reached: number): boolean {
    const { viewRows } = this.#index.rows;
    for (let step = 0; step < reached; step++) if (viewRows[rows[step]] === viewRow) return true;
    return false;
  }

  /** How many steps lie before an instant, or within the grace after it. */
  #stepsBefore(rows: Int32Array, reached: number, timeMs: number): number {
    const { times } = this.#index.rows;
    let kept = 1;
    while (kept < reached && times[rows[kept]] - this.#graceMs <= timeMs) kept++;
    return kept;
  }
}
