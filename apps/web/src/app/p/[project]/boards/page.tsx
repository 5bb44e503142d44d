import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { Boards } from '#features/boards/components/boards.tsx';

export const metadata: Metadata = { title: 'Boards' };

export default function Page(): ReactNode {
  return <Boards />;
}
