import { judgeNumbers } from '../kernels/judge-numbers.ts';
import { narrow, widen } from '../kernels/mask.ts';
import type {
  BehaviorPlan,
  CohortMembersPlan,
  ConditionsPlan,
  SequencePlan,
} from '../plan/plan-types.ts';
import { BehaviorSeries } from './behavior-series.ts';
import { narrowByFilters } from './filter-mask.ts';
import { membersBehind } from './report-members.ts';
import type { RowContext } from './row-context.ts';
import { SequenceSeries, stepsOf } from './sequence-series.ts';
import { knownUserProperty } from './shard-view.ts';
import type { ShardView } from './shard-view.ts';
import { narrowUsers } from './user-conditions.ts';
import type { HistoryCondition } from './user-conditions.ts';

/**
 * Masks of cohorts that are kept, a byte a user: those of a plan that is asked about at many moments are needed one
 * after the other.
 */
const masksMax = 256;

/**
 * Who of the users of a view is in the cohorts of its plan (9), and who meets any conditions. What people did is
 * looked up once for all cohorts and moments that ask for the same.
 */
export class CohortMasks {
  readonly #of: () => RowContext;
  readonly #stored: ShardView;
  #everybody: Uint8Array | null = null;
  /** By index in the plan; the one used longest ago goes first. */
  readonly #masks = new Map<number, Uint8Array>();
  readonly #behaviors = new Map<string, BehaviorSeries>();
  readonly #sequences = new Map<string, SequenceSeries>();

  /** The context that it is a part of, which is asked for later, and the view that it was made of. */
  constructor(of: () => RowContext, stored: ShardView) {
    this.#of = of;
    this.#stored = stored;
  }

  /** 1 by user ordinal for the members of a cohort of the plan; ordinal 0 is nobody and in none. */
  of(index: number): Uint8Array {
    const known = this.#masks.get(index);
    this.#masks.delete(index);
    const mask = known ?? this.#membersOf(this.#of().plan.cohorts[index]);
    this.#masks.set(index, mask);
    for (const [oldest] of this.#masks) {
      if (this.#masks.size <= masksMax) break;
      this.#masks.delete(oldest);
    }
    return mask;
  }

  /** 1 by user ordinal for whoever has an event or a profile and meets every condition (9.2). */
  meeting({ conditions, behaviors, sequences }: ConditionsPlan): Uint8Array {
    const mask = this.#universe().slice();
    narrowUsers(
      conditions,
      {
        property: (filter, own) => narrowByFilters([filter], this.#of().users, own),
        behavior: (index, own) => {
          const behavior = behaviors[index];
          judgeNumbers(this.behavior(behavior).numbers(behavior), behavior, own);
        },
        history: (condition, own) => this.#narrowByHistory(condition, sequences, own),
      },
      mask,
    );
    return mask;
  }

  behavior({ selector, measure }: BehaviorPlan): BehaviorSeries {
    return once(this.#behaviors, JSON.stringify([selector, measure]), () => {
      return new BehaviorSeries({ selector, measure }, this.#of());
    });
  }

  sequence(sequence: SequencePlan): SequenceSeries {
    const steps = stepsOf(sequence);
    return once(this.#sequences, JSON.stringify(steps), () => {
      return new SequenceSeries(steps, this.#of());
    });
  }

  #narrowByHistory(
    condition: HistoryCondition,
    sequences: readonly SequencePlan[],
    mask: Uint8Array,
  ): void {
    switch (condition.type) {
      case 'sequence': {
        const sequence = sequences[condition.index];
        narrowBy(this.sequence(sequence).did(sequence), condition.negated, mask);
        return;
      }
      case 'report':
        narrow(mask, membersBehind(condition.list, this.#stored));
        return;
      case 'cohort': {
        const some = new Uint8Array(mask.length);
        for (const cohort of condition.cohorts) widen(some, this.of(cohort));
        narrowBy(some, condition.negated, mask);
      }
    }
  }

  #membersOf(cohort: CohortMembersPlan): Uint8Array {
    if (cohort.type === 'conditions') return this.meeting(cohort);
    const ids = idsOf(cohort.ids);
    const mask = this.#universe().slice();
    const { userIds } = this.#of().view;
    for (let user = 1; user < mask.length; user++) {
      if (mask[user] === 1 && !ids.has(userIds[user])) mask[user] = 0;
    }
    return mask;
  }

  /** Everybody with an event or a profile; who was merged into somebody else has no id of his own. */
  #universe(): Uint8Array {
    if (this.#everybody !== null) return this.#everybody;
    const { view } = this.#of();
    const mask = view.isUser?.slice() ?? Uint8Array.from(view.userIds, (id) => Number(id !== ''));
    const known = view.personProperty(knownUserProperty);
    for (let user = 0; known && user < mask.length; user++) mask[user] &= known.codes[user];
    return (this.#everybody = mask);
  }
}

function narrowBy(passing: Uint8Array, negated: boolean, mask: Uint8Array): void {
  if (!negated) narrow(mask, passing);
  else for (let user = 0; user < mask.length; user++) mask[user] &= 1 - passing[user];
}

/** A plan is executed for many ranges of users: its lists of ids are made ready once. */
const idSets = new WeakMap<readonly string[], ReadonlySet<string>>();

function idsOf(ids: readonly string[]): ReadonlySet<string> {
  const known = idSets.get(ids) ?? new Set(ids);
  idSets.set(ids, known);
  return known;
}

function once<Key, Value>(known: Map<Key, Value>, key: Key, make: () => Value): Value {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}
