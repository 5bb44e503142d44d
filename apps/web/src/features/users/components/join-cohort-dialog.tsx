'use client';

import { useState, type ReactNode } from 'react';
import { ConfirmDialog } from '#components/confirm-dialog.tsx';
import { Select } from '#components/select.tsx';
import { TextField } from '#components/text-field.tsx';
import { useToast } from '#components/toast.tsx';
import { formatCount } from '#format/number.ts';
import { useCohorts } from '#report/cohorts.ts';
import { useJoinCohort } from '../bulk-api.ts';
import type { Chosen } from '../selection.ts';

const nameMax = 255;
const newCohort = 'new';

/** Puts the users on the list of a cohort of fixed members: a new one, or one that is there. */
export function JoinCohortDialog({
  chosen,
  onClose,
  onDone,
}: {
  readonly chosen: Chosen;
  readonly onClose: () => void;
  readonly onDone: () => void;
}): ReactNode {
  const { cohorts } = useCohorts();
  const lists = cohorts.filter(({ definition }) => definition.type === 'frozen');
  const [into, setInto] = useState(newCohort);
  const [name, setName] = useState('');
  const join = useJoinCohort();
  const toast = useToast();
  const isNew = into === newCohort;
  return (
    <ConfirmDialog
      title="Add to cohort"
      confirm={join.isPending ? 'Adding' : 'Add'}
      ready={!isNew || name.trim() !== ''}
      pending={join.isPending}
      error={join.error?.message ?? null}
      onClose={onClose}
      onConfirm={() =>
        join.mutate(
          { chosen, cohort: isNew ? { name: name.trim() } : { id: into } },
          {
            onSuccess: (cohort) => {
              toast(`${formatCount(chosen.size, 'user')} added to “${cohort.name}”`);
              onClose();
              onDone();
            },
          },
        )
      }
    >
      <p>
        The cohort keeps these users whatever they do later. One that follows conditions is made
        with “Save as cohort”.
      </p>
      {lists.length === 0 ? null : (
        <Select
          label="Cohort"
          value={into}
          options={[
            { value: newCohort, label: 'A new cohort' },
            ...lists.map((cohort) => ({ value: cohort.id, label: cohort.name })),
          ]}
          onChange={setInto}
          className="w-full"
        />
      )}
      {isNew ? (
        <TextField
          label="Name"
          value={name}
          maxLength={nameMax}
          data-testid="join-name"
          onChange={(event) => setName(event.target.value)}
        />
      ) : null}
    </ConfirmDialog>
  );
}
