'use client';

import type { ReactNode } from 'react';
import { Button } from '#components/button.tsx';
import { Skeleton } from '#components/skeleton.tsx';
import { StateMessage } from '#components/state-message.tsx';
import type { Paged } from './paged.ts';
import { FailureState } from './report-states.tsx';

/** A list behind a number in each of its states: on its way, failed, empty, there, and there in part. */
export function ListPage<T>({
  list,
  noun,
  icon,
  children,
}: {
  readonly list: Paged<T>;
  /** What it is a list of: "users". */
  readonly noun: string;
  readonly icon: ReactNode;
  readonly children: (rows: readonly T[]) => ReactNode;
}): ReactNode {
  if (list.rows === undefined) {
    return list.failure === null ? (
      <RowsSkeleton />
    ) : (
      <FailureState failure={list.failure} onRetry={list.retry} />
    );
  }
  if (list.rows.length === 0) {
    return (
      <StateMessage testId="list-empty" icon={icon} title={`No ${noun}`}>
        There are no {noun} behind this number.
      </StateMessage>
    );
  }
  return (
    <>
      {children(list.rows)}
      {list.failure === null ? null : (
        <p role="alert" className="flex items-center gap-3 px-4 py-2 text-danger">
          <span className="flex-1">
            More {noun} could not be read: {list.failure.text}.
          </span>
          <Button size="sm" onClick={list.retry}>
            Try again
          </Button>
        </p>
      )}
    </>
  );
}

function RowsSkeleton(): ReactNode {
  return (
    <output className="grid content-start gap-3 p-4" aria-label="Loading">
      {Array.from({ length: 8 }, (_, row) => (
        <Skeleton key={row} className="h-5" />
      ))}
    </output>
  );
}
