import type { QueryInput } from '@arbor/schema/query';
import type { PlanContext } from '../../src/query/plan/plan.ts';
import { ask, later } from '../model/ask.ts';
import { only } from './sample-data.ts';
import type { viewsOf } from './sample-data.ts';

type Insights = Extract<QueryInput, { type: 'insights' }>;
/** What a question has beside the total of plays. */
export type Part = Pick<Insights, 'breakdowns' | 'filters'> & Partial<Insights>;

export const wholeRange = { from: '2024-03-04', to: '2024-03-12' };

/** Range values by segment; combinations by their parts. */
export function totalsOf(
  views: ReturnType<typeof viewsOf>,
  part: Part,
  context: PlanContext = later,
) {
  const { series } = ask(
    views,
    {
      type: 'insights',
      range: wholeRange,
      unit: 'total',
      metrics: [{ selector: only('Play'), measure: { type: 'total' } }],
      ...part,
    },
    context,
  );
  return Object.fromEntries(
    series.map(({ segment, total }) => [segment?.text ?? 'Overall', total]),
  );
}
