import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import type { ReactNode } from 'react';
import { savedIdOf } from '../../saved-id.ts';
import { BoardView } from './board-view.tsx';

export const metadata: Metadata = { title: 'Board' };

type Props = { readonly params: Promise<{ readonly board: string }> };

export default async function Page({ params }: Props): Promise<ReactNode> {
  const id = savedIdOf((await params).board);
  return id === null ? notFound() : <BoardView id={id} />;
}
