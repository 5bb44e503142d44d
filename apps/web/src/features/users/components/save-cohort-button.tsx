'use client';

import { useState, type ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { maySave } from '#api/roles.ts';
import { Button } from '#components/button.tsx';
import { useCohortName } from '#report/cohorts.ts';
import { conditionSentence, queryConditions, type ConditionState } from '#report/conditions.ts';
import { SaveCohortDialog } from '#report/save-cohort-dialog.tsx';

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
      {open ? <SaveDialog conditions={conditions} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function SaveDialog({ conditions, onClose }: Props & { readonly onClose: () => void }): ReactNode {
  const nameOf = useCohortName();
  const words = conditions.map((each) => conditionSentence(each, nameOf)).join(', ');
  return (
    <SaveCohortDialog
      name={`${words.slice(0, 1).toUpperCase()}${words.slice(1)}`}
      filters={queryConditions(conditions)}
      onClose={onClose}
    >
      A cohort is always whoever meets the conditions now. The text of the search is not part of it.
    </SaveCohortDialog>
  );
}
