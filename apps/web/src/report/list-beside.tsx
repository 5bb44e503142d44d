'use client';

import dynamic from 'next/dynamic';
import type { ReactNode } from 'react';
import type { ListPanelProps } from './list-panel.tsx';

// Comes when the first number is opened: most visits of a report open none.
const ListPanel = dynamic(() => import('./list-panel.tsx').then((module) => module.ListPanel), {
  ssr: false,
});

/** The list behind a number beside its report, while one is listed and the report is complete. */
export function ListBeside({
  of,
  listed,
  onChange,
}: {
  readonly of: ListPanelProps['of'] | null;
  readonly listed: ListPanelProps['listed'] | null;
  readonly onChange: ListPanelProps['onChange'];
}): ReactNode {
  if (of === null || listed === null) return null;
  const dated =
    listed.range === undefined || of.type === 'cohort' ? of : { ...of, range: listed.range };
  return <ListPanel of={dated} listed={listed} onChange={onChange} />;
}
