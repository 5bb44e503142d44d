import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { Health } from '#features/data/components/health.tsx';

export const metadata: Metadata = { title: 'Health' };

export default function Page(): ReactNode {
  return <Health />;
}
