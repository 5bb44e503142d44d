import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { Lexicon } from '#features/data/components/lexicon.tsx';

export const metadata: Metadata = { title: 'Lexicon' };

export default function Page(): ReactNode {
  return <Lexicon />;
}
