'use client';

import type { UserConditionInput } from '@arbor/schema/query';
import { useState, type ReactNode } from 'react';
import { ConfirmDialog } from '#components/confirm-dialog.tsx';
import { TextField } from '#components/text-field.tsx';
import { useToast } from '#components/toast.tsx';
import { useSaveCohort } from './cohorts.ts';

const nameMax = 255;

/** Keeps a question, not a list of people: whoever meets the conditions whenever the cohort is used (`reports.md` 9.1). */
export function SaveCohortDialog({
  name: proposed,
  filters,
  onClose,
  children,
}: {
  /** What it is called unless somebody writes another name. */
  readonly name: string;
  readonly filters: readonly UserConditionInput[];
  readonly onClose: () => void;
  /** Who is in it, in a sentence. */
  readonly children: string;
}): ReactNode {
  const [name, setName] = useState(proposed.slice(0, nameMax));
  const save = useSaveCohort();
  const toast = useToast();
  return (
    <ConfirmDialog
      title="Save as cohort"
      confirm={save.isPending ? 'Saving' : 'Save'}
      ready={name.trim() !== ''}
      pending={save.isPending}
      error={save.error?.message ?? null}
      onClose={onClose}
      onConfirm={() =>
        save.mutate(
          { name: name.trim(), filters },
          {
            onSuccess: (cohort) => {
              toast(`Cohort “${cohort.name}” saved`);
              onClose();
            },
          },
        )
      }
    >
      <p>{children}</p>
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
