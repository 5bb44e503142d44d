import type { ListPoint } from '@arbor/schema/query';
import type { FunnelResult } from '@arbor/schema/result';
import type { CsvValue } from '#format/csv.ts';
import type { DrillTarget } from '#report/listed-number.ts';
import type { FunnelView } from './model.ts';

/** An order in which steps were done (`reports.md` 5.5). */
export type FunnelPathRow = {
  readonly key: string;
  /** Of the question, in the order in which they were done. */
  readonly steps: readonly number[];
  readonly names: readonly string[];
  readonly count: number;
  /** Of all that entered. */
  readonly share: number | null;
  readonly converted: boolean;
};

/** The orders of an answer, most common first; null where steps have one order. */
export function pathRows(
  { paths }: FunnelResult,
  { stepNames, overall }: FunnelView,
): readonly FunnelPathRow[] | null {
  if (paths === undefined) return null;
  const entered = overall.steps[0]?.count ?? 0;
  return paths.map(({ steps, count }) => ({
    key: steps.join(),
    steps,
    names: steps.map((step) => stepNames[step] ?? ''),
    count,
    share: entered === 0 ? null : count / entered,
    converted: steps.length === stepNames.length,
  }));
}

/** Who did these steps in this order, and no more. */
export function pathDrill(row: FunnelPathRow, { counting }: FunnelView): DrillTarget {
  const { steps, names, count, converted } = row;
  const title = converted ? names.join(' → ') : `${names.join(' → ')}, and no further`;
  const point: ListPoint = {
    type: 'funnel',
    step: converted ? steps.length - 1 : steps.length,
    outcome: converted ? 'reached' : 'dropped',
    path: [...steps],
    segment: null,
    bucket: null,
  };
  return {
    title,
    value: count,
    segment: null,
    lists: [
      {
        label: 'View users who went this way',
        what: 'users',
        // Of attempts and sessions one user may have several: the list has each user once.
        count: counting === 'unique' ? count : null,
        title,
        point,
      },
      { label: 'View events of their last step', what: 'events', count, title, point },
    ],
  };
}

/** A column a step, as the table has them. */
export function pathsCsv(rows: readonly FunnelPathRow[]): readonly (readonly CsvValue[])[] {
  const length = Math.max(0, ...rows.map(({ names }) => names.length));
  const places = Array.from({ length }, (_, place) => place);
  return [
    ['Count', 'Share', 'Converted', ...places.map((place) => `Step ${place + 1}`)],
    ...rows.map(({ count, share, converted, names }) => [
      count,
      share,
      converted ? 'yes' : 'no',
      ...places.map((place) => names[place] ?? null),
    ]),
  ];
}
