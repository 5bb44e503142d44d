import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { Imports } from '#features/data/components/imports.tsx';

export const metadata: Metadata = { title: 'Import' };

export default function Page(): ReactNode {
  return <Imports />;
}
