'use client';

import { useState, type ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { Button } from '#components/button.tsx';
import { Dialog } from '#components/dialog.tsx';
import { dateTimeText } from '#format/instant.ts';
import { useNewRequest, useRequest } from '../privacy-api.ts';

/** Everything that is known of the user, as a file for him (UX-U7). */
export function AccessDialog({
  identifier,
  onClose,
}: {
  readonly identifier: string;
  readonly onClose: () => void;
}): ReactNode {
  const { timezone } = useProject();
  const [id, setId] = useState<string | null>(null);
  const create = useNewRequest();
  const { request, error } = useRequest(id);
  const link = request?.link ?? null;
  const problem = create.error?.message ?? request?.reason ?? error;
  const isUnderWay = create.isPending || (id !== null && link === null && problem === null);
  const ask = (): void =>
    create.mutate(
      { kind: 'access', identifier, complianceType: 'GDPR' },
      { onSuccess: (made) => setId(made.id) },
    );
  return (
    <Dialog
      open
      title="Export everything"
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <div className="grid gap-4">
        <p>
          All events, properties and identifiers of this user as one file, a line of JSON for each.
        </p>
        {link === null ? null : (
          <p className="text-ink-2">
            The link can be passed on. It holds until{' '}
            {dateTimeText(Date.parse(link.expiresAt), timezone)}.
          </p>
        )}
        {problem === null ? null : (
          <p role="alert" className="text-danger">
            {problem}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button variant="ghost" onClick={onClose}>
            Close
          </Button>
          {link === null ? (
            <Button variant="primary" disabled={isUnderWay} onClick={ask} data-testid="access-ask">
              {isUnderWay ? 'Preparing' : 'Prepare the file'}
            </Button>
          ) : (
            <a
              href={link.path}
              download
              data-testid="access-download"
              className="inline-flex h-8 items-center rounded-md bg-accent px-3 font-medium text-on-accent shadow-card hover:bg-accent-strong"
            >
              Download
            </a>
          )}
        </div>
      </div>
    </Dialog>
  );
}
