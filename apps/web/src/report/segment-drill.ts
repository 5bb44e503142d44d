import type { PropertyRef } from '@arbor/schema/query';
import type { Segment } from '@arbor/schema/result';
import type { DrillActions } from './listed-number.ts';
import type { ReportFilter } from './question.ts';
import { segmentFilter } from './segment-filter.ts';

/** The parts of a report that a click on one of its numbers changes. */
export type Narrowable = {
  readonly breakdown: PropertyRef | null;
  readonly filters: ReportFilter[];
};

/**
 * What the menu of a number does to its report (`ux.md` 8, 3 and 4): filters by the segment that the number belongs to,
 * as far as one filter can say so, and splits it by another property.
 */
export function segmentDrill(
  point: Segment | null,
  { breakdown, filters }: Narrowable,
  onChange: (change: Partial<Narrowable>) => void,
): DrillActions {
  const filterOf = (keep: boolean): ReportFilter | null =>
    point === null || breakdown === null ? null : segmentFilter(breakdown, point, keep);
  const only = filterOf(true);
  const without = filterOf(false);
  return {
    breakDown: (property) =>
      onChange({
        breakdown: property,
        filters: only === null ? filters : [...filters, only],
      }),
    ...(only === null || without === null
      ? {}
      : {
          narrow: {
            only: () => onChange({ filters: [...filters, only] }),
            without: () => onChange({ filters: [...filters, without] }),
          },
        }),
  };
}
