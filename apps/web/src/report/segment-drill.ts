import type { Segment } from '@arbor/schema/result';
import { breakdownsMax, type BreakdownState } from './breakdown.ts';
import type { DrillActions } from './listed-number.ts';
import type { ReportFilter } from './question.ts';
import { segmentFilters, withoutSegment } from './segment-filter.ts';

/** The parts of a report that a click on one of its numbers changes. */
export type Narrowable = {
  readonly breakdowns: BreakdownState[];
  readonly filters: ReportFilter[];
};

/**
 * What the menu of a number does to its report (`ux.md` 8, 3 and 4): filters by the segment that the number belongs to,
 * as far as filters can say so, and splits it by another property. A segment that filters cannot name stays in the
 * report, split further: without it the numbers would be those of other users.
 */
export function segmentDrill(
  point: Segment | null,
  { breakdowns, filters }: Narrowable,
  onChange: (change: Partial<Narrowable>) => void,
): DrillActions {
  const only = point === null ? null : segmentFilters(breakdowns, point);
  const without = point === null ? null : withoutSegment(breakdowns, point);
  const isNamed = point === null || only !== null;
  if (!isNamed && breakdowns.length >= breakdownsMax) {
    return { noBreakDown: `${breakdownsMax} breakdowns is the limit` };
  }
  return {
    breakDown: (property) =>
      onChange({
        breakdowns: isNamed ? [{ property }] : [...breakdowns, { property }],
        filters: only === null ? filters : [...filters, ...only],
      }),
    ...(only === null
      ? {}
      : {
          narrow: {
            only: () => onChange({ filters: [...filters, ...only] }),
            ...(without === null
              ? {}
              : { without: () => onChange({ filters: [...filters, without] }) }),
          },
        }),
  };
}
