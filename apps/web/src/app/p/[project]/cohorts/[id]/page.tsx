import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { CohortPage } from '#features/cohorts/components/cohort-page.tsx';

export const metadata: Metadata = { title: 'Cohort' };

export default async function OneCohortPage({
  params,
}: {
  readonly params: Promise<{ readonly id: string }>;
}): Promise<ReactNode> {
  const { id } = await params;
  // Ids are made of letters that stand in an address as they are; any other text is the id of no cohort.
  return <CohortPage key={id} id={id} />;
}
