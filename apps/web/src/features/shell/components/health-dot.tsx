'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { useTRPC } from '#api/trpc.ts';
import { classNames } from '#components/class-names.ts';
import { Tooltip } from '#components/tooltip.tsx';
import { ingestionState, type IngestionState } from '../ingestion.ts';

/** Often enough to be believed, seldom enough to cost nothing; not while the page is in the background. */
const checkMs = 30_000;

const looks: Readonly<Record<IngestionState['level'], { colour: string; word: string }>> = {
  ok: { colour: 'bg-positive', word: 'Healthy' },
  late: { colour: 'bg-warning', word: 'Late' },
  broken: { colour: 'bg-danger', word: 'Broken' },
};

/** How ingestion is; leads to the page that says more (UX-S3). */
export function HealthDot({
  projectId,
  folded,
}: {
  readonly projectId: number;
  readonly folded: boolean;
}): ReactNode {
  const trpc = useTRPC();
  const { data } = useQuery(
    trpc.ingestHealth.get.queryOptions({ projectId }, { refetchInterval: checkMs, retry: false }),
  );
  if (data === undefined) return null;
  const { level, text } = ingestionState(data);
  const { colour, word } = looks[level];
  return (
    <Tooltip label={text} side="right">
      <Link
        href={`/p/${projectId}/data/health`}
        aria-label={`${word}: ${text}`}
        data-testid="health-dot"
        data-level={level}
        className="flex h-7 items-center gap-2.5 rounded-md px-2.5 text-xs text-ink-2 hover:bg-hover hover:text-ink"
      >
        <span className="grid w-4 shrink-0 place-items-center">
          <span className={classNames('size-2 rounded-full', colour)} />
        </span>
        {folded ? null : <span className="truncate-line">{word}</span>}
      </Link>
    </Tooltip>
  );
}
