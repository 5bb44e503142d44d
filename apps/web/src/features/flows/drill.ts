import type { DrillTarget } from '#report/listed-number.ts';
import { pathTitle, type FlowView, type PathRow } from './model.ts';
import type { FlowState, PathPoint } from './state.ts';

/** All that went this way and no further, or those of them that reached the last anchor. */
export type PathOutcome = 'whole' | 'converted';

/** Who is behind a number of a whole path; null = nobody is. */
export function pathDrill(
  row: PathRow,
  outcome: PathOutcome,
  { view, asked }: { readonly view: FlowView; readonly asked: Pick<FlowState, 'counting'> },
): (() => DrillTarget) | null {
  const value = outcome === 'whole' ? row.count : row.converted;
  if (value === 0) return null;
  const title = pathTitle(row);
  const segment = view.segment?.point ?? null;
  const point: PathPoint = { type: 'flow_path', ...row.way, outcome, segment };
  return () => ({
    title,
    value,
    segment: null,
    lists: [
      // Of paths and sessions one user may have several: the list has each user once.
      {
        label: 'View users who went this way',
        what: 'users',
        count: asked.counting === 'unique' ? value : null,
        title,
        point,
      },
      { label: 'View the events they began with', what: 'events', count: value, title, point },
    ],
  });
}
