'use client';

import { CircleSlash, Eraser, ShieldCheck, TriangleAlert } from 'lucide-react';
import Link from 'next/link';
import { useEffect, useRef, type ReactNode } from 'react';
import type { DataRequest } from '@arbor/schema/privacy';
import { useProject } from '#api/project-context.tsx';
import { Button } from '#components/button.tsx';
import { StateMessage } from '#components/state-message.tsx';
import { erasureText, mayCancel } from '../erasure.ts';
import { useCancelRequest, useForgetUser, useRequest } from '../privacy-api.ts';

const titles: Readonly<Record<DataRequest['status'], string>> = {
  PENDING: 'Erasure asked for',
  STAGING: 'Erasure begins soon',
  STARTED: 'Erasing',
  FAILURE: 'The erasure stopped',
  REVOKED: 'Erasure cancelled',
  SUCCESS: 'User erased',
};

/** In place of the user: how far the erasure is, and at its end the receipt. */
export function ErasureState({
  requestId,
  onBack,
}: {
  readonly requestId: string;
  /** To the user, who is still there. */
  readonly onBack: () => void;
}): ReactNode {
  const { timezone, id: projectId } = useProject();
  const { request, error } = useRequest(requestId);
  const cancel = useCancelRequest();
  useForgetOnSuccess(request);
  if (request === undefined) {
    return (
      <StateMessage
        wholePage
        icon={<Eraser size={20} />}
        title={error === null ? 'Reading the request' : 'The request could not be read'}
        actions={error === null ? undefined : <Button onClick={onBack}>Back to the user</Button>}
      >
        {error}
      </StateMessage>
    );
  }
  const { status } = request;
  return (
    <div data-testid="erasure" data-status={status}>
      <StateMessage
        wholePage
        tone={status === 'FAILURE' ? 'danger' : 'neutral'}
        icon={iconOf(status)}
        title={titles[status]}
        actions={
          <>
            {mayCancel(status) ? (
              <Button
                data-testid="erasure-cancel"
                disabled={cancel.isPending}
                onClick={() => cancel.mutate(requestId)}
              >
                Cancel the erasure
              </Button>
            ) : null}
            {status === 'REVOKED' ? <Button onClick={onBack}>Back to the user</Button> : null}
            {status === 'SUCCESS' ? (
              <Link href={`/p/${projectId}/users`} className="text-accent hover:underline">
                All users
              </Link>
            ) : null}
          </>
        }
      >
        <p data-testid="erasure-text">{erasureText(request, timezone)}</p>
        {cancel.error === null ? null : (
          <p role="alert" className="mt-2 text-danger">
            {cancel.error.message}
          </p>
        )}
      </StateMessage>
    </div>
  );
}

function iconOf(status: DataRequest['status']): ReactNode {
  switch (status) {
    case 'PENDING':
    case 'STAGING':
    case 'STARTED':
      return <Eraser size={20} />;
    case 'FAILURE':
      return <TriangleAlert size={20} />;
    case 'REVOKED':
      return <CircleSlash size={20} />;
    case 'SUCCESS':
      return <ShieldCheck size={20} />;
  }
}

function useForgetOnSuccess(request: DataRequest | undefined): void {
  const forget = useForgetUser();
  const latest = useRef(forget);
  useEffect(() => {
    latest.current = forget;
  });
  const isErased = request?.status === 'SUCCESS';
  useEffect(() => {
    if (isErased) latest.current();
  }, [isErased]);
}
