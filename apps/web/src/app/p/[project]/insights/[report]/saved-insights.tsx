'use client';

import type { ReactNode } from 'react';
import { Insights } from '#features/insights/components/insights.tsx';
import { insightsStateSchema } from '#features/insights/state.ts';
import { OpenedReport } from '#features/saved-reports/components/opened-report.tsx';

/** Binds the view and how reports are kept: neither knows of the other. */
export function SavedInsights({ id }: { readonly id: number }): ReactNode {
  return (
    <OpenedReport key={id} id={id} type="insights" schema={insightsStateSchema}>
      <Insights />
    </OpenedReport>
  );
}
