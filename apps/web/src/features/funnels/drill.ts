import type { DrillList, DrillTarget } from '#report/listed-number.ts';
import type { FunnelRow, FunnelView } from './model.ts';

/** Who reached a step, or stopped before it (UX-FU10); null where nobody did. */
export function funnelDrill(
  { stepNames, counting }: FunnelView,
  row: FunnelRow,
  step: number,
  outcome: 'reached' | 'dropped',
): DrillTarget | null {
  const counts = row.steps[step];
  const value = (outcome === 'reached' ? counts?.count : counts?.lost) ?? 0;
  if (counts === undefined || value === 0) return null;
  const reached = listsOf({ row, step, stepNames, counting }, 'reached', counts.count);
  const dropped =
    step === 0 ? [] : listsOf({ row, step, stepNames, counting }, 'dropped', counts.lost);
  const lists = outcome === 'reached' ? [...reached, ...dropped] : [...dropped, ...reached];
  return { title: lists[0]?.title ?? '', value, lists, segment: row.point };
}

type Place = Pick<FunnelView, 'stepNames' | 'counting'> & {
  readonly row: FunnelRow;
  readonly step: number;
};

function listsOf(
  { row, step, stepNames, counting }: Place,
  outcome: 'reached' | 'dropped',
  count: number,
): readonly DrillList[] {
  if (count === 0) return [];
  const name = `${step + 1}, ${stepNames[step] ?? ''}`;
  const what = outcome === 'reached' ? `Reached step ${name}` : `Dropped off before step ${name}`;
  const shared = {
    title: row.segment === null ? what : `${what}, ${row.segment}`,
    point: { type: 'funnel', step, outcome, segment: row.point, bucket: null },
  } as const;
  const users = outcome === 'reached' ? 'View users who got here' : 'View users who dropped off';
  return [
    // Of attempts and sessions one user may have several: the list has each user once.
    { label: users, count: counting === 'unique' ? count : null, what: 'users', ...shared },
    {
      label: outcome === 'reached' ? 'View their events' : 'View events of those who dropped off',
      count: null,
      what: 'events',
      ...shared,
    },
  ];
}
