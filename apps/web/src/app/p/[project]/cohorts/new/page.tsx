import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { CohortEditor } from '#features/cohorts/components/cohort-editor.tsx';

export const metadata: Metadata = { title: 'New cohort' };

export default function NewCohortPage(): ReactNode {
  return <CohortEditor cohort={null} />;
}
