import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { Rejected } from '#features/data/components/rejected.tsx';

export const metadata: Metadata = { title: 'Rejected records' };

export default function Page(): ReactNode {
  return <Rejected />;
}
