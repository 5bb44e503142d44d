'use client';

import type { ReactNode } from 'react';
import { Funnels } from '#features/funnels/components/funnels.tsx';
import { funnelStateSchema } from '#features/funnels/state.ts';
import { OpenedReport } from '#features/saved-reports/components/opened-report.tsx';

/** Binds the view and how reports are kept: neither knows of the other. */
export function SavedFunnels({ id }: { readonly id: number }): ReactNode {
  return (
    <OpenedReport key={id} id={id} type="funnel" schema={funnelStateSchema}>
      <Funnels />
    </OpenedReport>
  );
}
