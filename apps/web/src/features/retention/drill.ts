import type { DrillList, DrillTarget } from '#report/listed-number.ts';
import type { RetentionView, TableView } from './model.ts';

export type DrillPlace = {
  readonly table: TableView;
  /** Place of the row. */
  readonly cohort: number;
  /** Null: the whole cohort. */
  readonly interval: number | null;
};

/** Who came back in an interval, and who did not (UX-RE9); null where there is nobody. */
export function retentionDrill(
  intervals: RetentionView['intervals'],
  { table, cohort, interval }: DrillPlace,
): DrillTarget | null {
  const row = table.cohorts[cohort];
  if (row === undefined || row.size === 0) return null;
  const segment = table.point === null ? [] : [table.name];
  const list = (
    label: string,
    words: readonly string[],
    outcome: 'retained' | 'lost',
    count: number,
  ): DrillList => ({
    label,
    count,
    what: 'users',
    title: [...words, row.title, ...segment].join(', '),
    point: { type: 'retention', cohort, interval, outcome, segment: table.point },
  });
  if (interval === null) {
    const all = list('View users', ['Cohort'], 'retained', row.size);
    return { title: all.title, value: row.size, lists: [all], segment: table.point };
  }
  const cell = row.cells[interval];
  if (cell === null || cell === undefined) return null;
  const label = intervals[interval] ?? '';
  const lists = [
    list('View users who came back', [`Came back ${label}`], 'retained', cell.count),
    list('View users who did not', [`Did not come back ${label}`], 'lost', row.size - cell.count),
  ].filter(({ count }) => count !== 0);
  return {
    title: [label, row.title, ...segment].join(', '),
    value: cell.count,
    lists,
    segment: table.point,
  };
}
