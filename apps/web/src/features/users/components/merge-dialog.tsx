'use client';

import { useState, type ReactNode } from 'react';
import type { UserProfile } from '@arbor/schema/users-result';
import { TextField } from '#components/text-field.tsx';
import { useToast } from '#components/toast.tsx';
import { useMerge } from '../profile-api.ts';
import { ConfirmDialog } from '#components/confirm-dialog.tsx';

/** Makes this user and another one. It can be taken back in the identity log. */
export function MergeDialog({
  profile,
  onClose,
}: {
  readonly profile: UserProfile;
  readonly onClose: () => void;
}): ReactNode {
  const [other, setOther] = useState('');
  const merge = useMerge(profile.user);
  const toast = useToast();
  return (
    <ConfirmDialog
      title="Merge with another user"
      confirm={merge.isPending ? 'Merging' : 'Merge'}
      ready={other.trim() !== ''}
      pending={merge.isPending}
      error={merge.error?.message ?? null}
      onClose={onClose}
      onConfirm={() =>
        merge.mutate(other.trim(), {
          onSuccess: () => {
            toast('These are one user now');
            onClose();
          },
        })
      }
    >
      <p>
        Every report then counts the two as one, at once and for all history. The merge can be taken
        back under Identity.
      </p>
      <TextField
        label="Any identifier of the other user"
        value={other}
        maxLength={255}
        data-testid="merge-other"
        onChange={(event) => setOther(event.target.value)}
      />
    </ConfirmDialog>
  );
}
