'use client';

import dynamic from 'next/dynamic';
import { useState, type ReactNode } from 'react';
import type { BoardCard } from '@arbor/schema/boards';
import { Skeleton } from '#components/skeleton.tsx';
import { CardFrame, type CardActions } from './board-card.tsx';

// Not every board has texts, and reading Markdown takes a library.
const TextBody = dynamic(() => import('./text-body.tsx').then((module) => module.TextBody), {
  ssr: false,
  loading: () => <Skeleton className="h-6 w-1/2" />,
});

export type TextCardProps = {
  readonly card: Extract<BoardCard, { type: 'text' }>;
  readonly actions: CardActions | null;
  readonly dragged: boolean;
  readonly onWrite: (text: string) => void;
};

/** Markdown that was written for this board; written in place while the board is edited. */
export function TextCard({ card, actions, dragged, onWrite }: TextCardProps): ReactNode {
  // What was typed belongs to the text it was begun from: one that somebody else wrote meanwhile takes its place.
  const [typed, setTyped] = useState({ from: card.text, text: card.text });
  const text = typed.from === card.text ? typed.text : card.text;
  return (
    <CardFrame card={card} label="Text" title="Text" actions={actions} dragged={dragged}>
      {actions === null ? (
        <div className="px-4 py-3">
          <TextBody text={card.text} />
        </div>
      ) : (
        <textarea
          aria-label="Text in Markdown"
          data-testid="card-text-edit"
          placeholder="# Heading, **bold**, - list"
          maxLength={10_000}
          value={text}
          onChange={(event) => setTyped({ from: card.text, text: event.target.value })}
          onBlur={() => {
            if (text !== card.text) onWrite(text);
          }}
          className="block size-full min-h-16 resize-none bg-transparent px-4 py-2 font-mono text-sm -outline-offset-2"
        />
      )}
    </CardFrame>
  );
}
