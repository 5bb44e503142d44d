import { AssertionError } from '../../base/assert.ts';
import type { PropertyPlan } from '../plan/plan-types.ts';
import type { RowContext } from './row-context.ts';
import type { PropertyColumn } from './shard-view.ts';

/** The column of a property that is more than a stored value, aligned with the rows of the context. */
export function computedColumn(
  property: PropertyPlan,
  _context: RowContext,
): PropertyColumn | undefined {
  throw new AssertionError(`no column is worked out for ${JSON.stringify(property)}`);
}
