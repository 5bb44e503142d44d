'use client';

import type { ReactNode } from 'react';
import type { Refusal } from '@arbor/schema/ingestion-health';
import { useProject } from '#api/project-context.tsx';
import { Button } from '#components/button.tsx';
import { Notice } from '#components/notice.tsx';
import { Skeleton } from '#components/skeleton.tsx';
import { clockText, dayText } from '#format/instant.ts';
import { formatCount } from '#format/number.ts';
import { FailureState } from '#report/report-states.tsx';
import { useRefused } from '../api.ts';
import { sourceLabels } from '../health.ts';
import { prettyRecord, remedyOf } from '../rejected.ts';

/** One reason: what to do about it, and some of the records as they came. */
export function RefusedRecords({ refusal }: { readonly refusal: Refusal }): ReactNode {
  const { source, field, reason, count } = refusal;
  const { timezone } = useProject();
  const list = useRefused({ source, field, reason });
  return (
    <div className="grid gap-4 p-4">
      <div className="grid gap-1">
        <p className="font-medium break-words">{reason}</p>
        <p className="text-xs text-ink-3">
          {formatCount(count, 'record')} by {sourceLabels[source]}
        </p>
      </div>
      <Notice>{remedyOf(refusal)}</Notice>
      {list.rows === undefined ? (
        list.failure === null ? (
          <Skeleton className="h-24" />
        ) : (
          <FailureState failure={list.failure} onRetry={list.retry} />
        )
      ) : list.rows.length === 0 ? (
        <p className="text-ink-2">None of these records was kept: they are kept for a week.</p>
      ) : (
        <>
          <p className="text-xs text-ink-3">Some of each minute are kept, newest first.</p>
          <ul className="grid gap-3">
            {list.rows.map((entry) => (
              <li key={entry.id} className="grid gap-1" data-testid="refused-record">
                <p className="text-xs text-ink-2">
                  {dayText(entry.receivedAt, timezone)}, {clockText(entry.receivedAt, timezone)}
                </p>
                {entry.reason === reason ? null : (
                  <p className="text-xs break-words text-ink-2">{entry.reason}</p>
                )}
                <pre
                  // What is longer than the box is scrolled to, by keyboard, too.
                  // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
                  tabIndex={0}
                  className="max-h-56 overflow-auto rounded-md bg-sunken p-2 font-mono text-xs break-all whitespace-pre-wrap"
                >
                  {prettyRecord(entry.record)}
                </pre>
              </li>
            ))}
          </ul>
          {list.more ? (
            <Button onClick={list.loadMore} disabled={list.loading}>
              More records
            </Button>
          ) : null}
        </>
      )}
    </div>
  );
}
