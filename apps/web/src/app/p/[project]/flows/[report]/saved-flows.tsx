'use client';

import type { ReactNode } from 'react';
import { Flows } from '#features/flows/components/flows.tsx';
import { flowStateSchema } from '#features/flows/state.ts';
import { OpenedReport } from '#features/saved-reports/components/opened-report.tsx';

/** Binds the view and how reports are kept: neither knows of the other. */
export function SavedFlows({ id }: { readonly id: number }): ReactNode {
  return (
    <OpenedReport key={id} id={id} type="flow" schema={flowStateSchema}>
      <Flows />
    </OpenedReport>
  );
}
