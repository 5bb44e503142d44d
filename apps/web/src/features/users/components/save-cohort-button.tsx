'use client';

import { useState, type ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { Button } from '#components/button.tsx';
import { TextField } from '#components/text-field.tsx';
import { useToast } from '#components/toast.tsx';
import { useCohortName, useSaveCohort } from '#report/cohorts.ts';
import { conditionSentence, queryConditions, type ConditionState } from '#report/conditions.ts';
import { maySave } from '#api/roles.ts';
import { ConfirmDialog } from '#components/confirm-dialog.tsx';

type Props = { readonly conditions: readonly ConditionState[] };

/** Whoever meets the conditions, under a name, for reports (UX-U2). Absent while there is no condition. */
export function SaveCohortButton({ conditions }: Props): ReactNode {
  const { role } = useProject();
  const [open, setOpen] = useState(false);
  if (!maySave(role) || queryConditions(conditions).length === 0) return null;
  return (
    <>
      <Button size="sm" data-testid="save-cohort" onClick={() => setOpen(true)}>
        Save as cohort
      </Button>
      {open ? <SaveCohortDialog conditions={conditions} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

const nameMax = 255;

function SaveCohortDialog({
  conditions,
  onClose,
}: Props & { readonly onClose: () => void }): ReactNode {
  const nameOf = useCohortName();
  const [name, setName] = useState(() => {
    const words = conditions.map((each) => conditionSentence(each, nameOf)).join(', ');
    return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`.slice(0, nameMax);
  });
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
          { name: name.trim(), filters: queryConditions(conditions) },
          {
            onSuccess: (cohort) => {
              toast(`Cohort “${cohort.name}” saved`);
              onClose();
            },
          },
        )
      }
    >
      <p>
        A cohort is always whoever meets the conditions now. The text of the search is not part of
        it.
      </p>
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
