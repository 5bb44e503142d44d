import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { Cohorts } from '#features/cohorts/components/cohorts.tsx';

export const metadata: Metadata = { title: 'Cohorts' };

export default function CohortsPage(): ReactNode {
  return <Cohorts />;
}
