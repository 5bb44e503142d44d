'use client';

import { SearchX } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { Skeleton } from '#components/skeleton.tsx';
import { StateMessage } from '#components/state-message.tsx';
import { FailureState } from '#report/report-states.tsx';
import { useCohort } from '../api.ts';
import { CohortEditor } from './cohort-editor.tsx';

/** One cohort, with the states of its way here: loading, failed, not there. */
export function CohortPage({ id }: { readonly id: string }): ReactNode {
  const { id: projectId } = useProject();
  const { cohort, unknown, failure, retry } = useCohort(id);
  if (unknown || cohort?.archived === true) {
    return (
      <StateMessage
        wholePage
        testId="cohort-unknown"
        icon={<SearchX size={20} />}
        title="There is no such cohort"
        actions={
          <Link
            href={`/p/${projectId}/cohorts`}
            className="font-medium text-accent hover:underline"
          >
            All cohorts
          </Link>
        }
      >
        It was deleted, or the address is not complete.
      </StateMessage>
    );
  }
  if (cohort !== undefined) return <CohortEditor key={cohort.id} cohort={cohort} />;
  if (failure !== null) return <FailureState failure={failure} onRetry={retry} />;
  return (
    <output className="grid content-start gap-3 p-5" aria-label="Loading">
      <Skeleton className="h-6 w-60" />
      <Skeleton className="h-80" />
    </output>
  );
}
