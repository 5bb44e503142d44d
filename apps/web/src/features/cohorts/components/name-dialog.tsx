'use client';

import { useRouter } from 'next/navigation';
import { useState, type ReactNode } from 'react';
import type { UserConditionInput } from '@arbor/schema/query';
import { useProject } from '#api/project-context.tsx';
import { ConfirmDialog } from '#components/confirm-dialog.tsx';
import { TextField } from '#components/text-field.tsx';
import { useToast } from '#components/toast.tsx';
import { useSaveCohort, type SavedCohort } from '#report/cohorts.ts';
import { useChangeCohort } from '../api.ts';

const nameMax = 255;

export type NameDialogProps = {
  /** Null: it is saved for the first time. */
  readonly cohort: SavedCohort | null;
  readonly filters: readonly UserConditionInput[];
  readonly suggested: string;
  readonly onClose: () => void;
};

/** What a cohort is called: asked when it is saved first, and when it is renamed. */
export function NameDialog({ cohort, filters, suggested, onClose }: NameDialogProps): ReactNode {
  const [name, setName] = useState(suggested.slice(0, nameMax));
  const { id: projectId } = useProject();
  const router = useRouter();
  const toast = useToast();
  const save = useSaveCohort();
  const change = useChangeCohort();
  const pending = save.isPending || change.isPending;
  const onSuccess = (saved: SavedCohort): void => {
    toast(`Cohort “${saved.name}” saved`);
    onClose();
    if (cohort === null) router.replace(`/p/${projectId}/cohorts/${encodeURIComponent(saved.id)}`);
  };
  return (
    <ConfirmDialog
      title={cohort === null ? 'Save cohort' : 'Rename cohort'}
      confirm={pending ? 'Saving' : 'Save'}
      ready={name.trim() !== ''}
      pending={pending}
      error={(save.error ?? change.error)?.message ?? null}
      onClose={onClose}
      onConfirm={() =>
        cohort === null
          ? save.mutate({ name: name.trim(), filters }, { onSuccess })
          : change.mutate({ id: cohort.id, name: name.trim() }, { onSuccess })
      }
    >
      <p>A cohort is always whoever meets the conditions when it is asked.</p>
      <TextField
        label="Name"
        value={name}
        maxLength={nameMax}
        data-testid="cohort-name"
        onChange={(event) => setName(event.target.value)}
      />
    </ConfirmDialog>
  );
}
