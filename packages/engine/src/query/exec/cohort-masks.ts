import { AssertionError } from '../../base/assert.ts';
import type { RowContext } from './row-context.ts';

/** By cohort of the plan: 1 by user ordinal for its members; ordinal 0 is nobody and in none. */
export function cohortMasks(_context: RowContext): readonly Uint8Array[] {
  throw new AssertionError('cohorts are not worked out yet');
}
