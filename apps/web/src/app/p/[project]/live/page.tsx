import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { Live } from '#features/live/components/live.tsx';

export const metadata: Metadata = { title: 'Live' };

export default function LivePage(): ReactNode {
  return <Live />;
}
