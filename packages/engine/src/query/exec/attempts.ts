import { isStoredProperty } from '../plan/plain-plan.ts';
import { byUser, cached, maskByUser } from './frame.ts';
import type { RowContext } from './row-context.ts';
import type { Frame } from './frame.ts';
import type { PropertyColumn } from './shard-view.ts';

/** Attempts of a funnel, in order of users and entries. */
export interface Attempts {
  readonly count: number;
  readonly stepCount: number;
  readonly users: Uint32Array;
  /** Index into `times` of each step, by attempt; −1 where the step was not reached. */
  readonly stepRows: Int32Array;
  readonly times: Float64Array;
  /** Attributed values by attempt. */
  readonly frame: Frame;
}

/**
 * The properties of attempts. "First step defined" (5.8): an event property has the first value along
 * the steps reached that is not null; a person property has the user's value.
 */
export function attemptFrame(
  attempts: Pick<Attempts, 'count' | 'stepCount' | 'users' | 'stepRows'>,
  viewRows: Uint32Array,
  context: RowContext,
): Frame {
  const { view, frame } = context;
  return cached({
    count: attempts.count,
    column: (property) => {
      if (property.scope === 'person' && isStoredProperty(property)) {
        const column = view.personProperty(property.name);
        return column && byUser(column, attempts.users);
      }
      const column = frame.column(property);
      return column && attributed(attempts, viewRows, column);
    },
    member: (cohort) => maskByUser(context.cohort(cohort), attempts.users),
  });
}

function attributed(
  { count, stepCount, stepRows }: Pick<Attempts, 'count' | 'stepCount' | 'stepRows'>,
  viewRows: Uint32Array,
  { codes, values }: PropertyColumn,
): PropertyColumn {
  const defined = Uint8Array.from(values, (value, code) => Number(code > 0 && value !== null));
  const chosen = new Uint32Array(count);
  for (let attempt = 0; attempt < count; attempt++) {
    for (let step = 0; step < stepCount; step++) {
      const row = stepRows[attempt * stepCount + step];
      if (row < 0) break;
      const code = codes[viewRows[row]];
      if (code === 0 || defined[code] === 0) continue;
      chosen[attempt] = code;
      break;
    }
  }
  return { codes: chosen, values };
}
