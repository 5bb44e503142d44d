'use client';

import type { ReactNode } from 'react';
import type { IdentityLinkEntry } from '@arbor/schema/identity';
import { Skeleton } from '#components/skeleton.tsx';
import { useToast } from '#components/toast.tsx';
import { splitSentence } from '../identity.ts';
import { useSplit, useUnmerge } from '../profile-api.ts';
import { ConfirmDialog } from '#components/confirm-dialog.tsx';

/** What taking a link back gives, before it is done (UX-U6). */
export function UnmergeDialog({
  link,
  onClose,
}: {
  readonly link: IdentityLinkEntry;
  readonly onClose: () => void;
}): ReactNode {
  const { data: split, failure } = useSplit(link.id);
  const unmerge = useUnmerge();
  const toast = useToast();
  const parts = split === undefined || split.leaves === null ? [] : [split.stays, split.leaves];
  return (
    <ConfirmDialog
      title="Unmerge"
      confirm={unmerge.isPending ? 'Unmerging' : 'Unmerge'}
      ready={split !== undefined}
      pending={unmerge.isPending}
      error={unmerge.error?.message ?? failure?.text ?? null}
      onClose={onClose}
      onConfirm={() =>
        unmerge.mutate(link.id, {
          onSuccess: () => {
            toast(parts.length === 0 ? 'The link is taken back' : 'These are two users again');
            onClose();
          },
        })
      }
    >
      {split === undefined ? (
        <Skeleton className="h-16" />
      ) : (
        <div className="grid gap-3" data-testid="split-preview">
          <p>{splitSentence(split)}</p>
          {parts.map(({ canonical, identifiers }) => (
            <ul
              key={canonical}
              aria-label={canonical}
              className="max-h-32 overflow-y-auto rounded-md bg-sunken px-3 py-2"
            >
              {identifiers.map((one) => (
                <li key={one} className="break-all">
                  {one}
                </li>
              ))}
            </ul>
          ))}
        </div>
      )}
    </ConfirmDialog>
  );
}
