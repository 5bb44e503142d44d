'use client';

import type { ReactNode } from 'react';
import { Retention } from '#features/retention/components/retention.tsx';
import { retentionStateSchema } from '#features/retention/state.ts';
import { OpenedReport } from '#features/saved-reports/components/opened-report.tsx';

/** Binds the view and how reports are kept: neither knows of the other. */
export function SavedRetention({ id }: { readonly id: number }): ReactNode {
  return (
    <OpenedReport key={id} id={id} type="retention" schema={retentionStateSchema}>
      <Retention />
    </OpenedReport>
  );
}
