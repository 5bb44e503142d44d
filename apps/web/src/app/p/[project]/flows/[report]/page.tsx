import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import type { ReactNode } from 'react';
import { savedIdOf } from '../../saved-id.ts';
import { SavedFlows } from './saved-flows.tsx';

export const metadata: Metadata = { title: 'Flows' };

type Props = { readonly params: Promise<{ readonly report: string }> };

export default async function Page({ params }: Props): Promise<ReactNode> {
  const id = savedIdOf((await params).report);
  return id === null ? notFound() : <SavedFlows id={id} />;
}
