'use client';

import type { ReactNode } from 'react';
import { ConfirmDialog } from '#components/confirm-dialog.tsx';
import { useToast } from '#components/toast.tsx';
import { formatCount } from '#format/number.ts';
import { useEraseUsers } from '../bulk-api.ts';
import type { Chosen } from '../selection.ts';

/** Erasing cannot be undone: the word is typed first (UX-P9, UX-U2). */
export function EraseUsersDialog({
  chosen,
  onClose,
  onDone,
}: {
  readonly chosen: Chosen;
  readonly onClose: () => void;
  readonly onDone: () => void;
}): ReactNode {
  const erase = useEraseUsers();
  const toast = useToast();
  const users = formatCount(chosen.size, 'user');
  return (
    <ConfirmDialog
      title={`Erase ${users}`}
      confirm={erase.isPending ? 'Asking' : `Erase ${users}`}
      danger
      typed="erase"
      pending={erase.isPending}
      error={erase.error?.message ?? null}
      onClose={onClose}
      onConfirm={() =>
        erase.mutate(chosen, {
          onSuccess: ({ id }) => {
            toast(`The erasure of ${users} begins in a moment. Request ${id}.`);
            onClose();
            onDone();
          },
        })
      }
    >
      <p>
        All events, properties and identifiers of these users are removed for good, also from
        reports about the past. They go within minutes.
      </p>
    </ConfirmDialog>
  );
}
