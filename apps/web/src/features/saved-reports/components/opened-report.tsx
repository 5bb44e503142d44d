'use client';

import { FileQuestion, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ReportType } from '@arbor/schema/saved-reports';
import type { z } from 'zod';
import { Button } from '#components/button.tsx';
import { Skeleton } from '#components/skeleton.tsx';
import { StateMessage } from '#components/state-message.tsx';
import { FailureState } from '#report/report-states.tsx';
import { SavingProvider } from '#report/saving.tsx';
import { useChangeReport, useSavedReport } from '../api.ts';
import { ReportTitle } from './report-title.tsx';
import { SavedReportBar } from './saved-report-bar.tsx';

/** A report of nobody's yet: what is below can be saved. */
export function NewReport({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <SavingProvider bar={SavedReportBar} title={ReportTitle} opened={null}>
      {children}
    </SavingProvider>
  );
}

export type OpenedReportProps = {
  readonly id: number;
  readonly type: ReportType;
  /** Reads what the view kept; reports of scripts may have nothing to read. */
  readonly schema: z.ZodType<object>;
  readonly children: ReactNode;
};

/** The saved report of a page; what is below shows it. */
export function OpenedReport({ id, type, schema, children }: OpenedReportProps): ReactNode {
  const { report, failure, reload } = useSavedReport(id);
  if (failure !== null) return <FailureState failure={failure} onRetry={reload} />;
  if (report === undefined) return <Skeleton className="m-5 h-80" />;
  if (report.archived) return <InTheBin id={id} name={report.name} version={report.version} />;
  const view = report.type === type ? schema.safeParse(report.view).data : undefined;
  if (view === undefined) {
    return (
      <StateMessage
        wholePage
        testId="report-unreadable"
        icon={<FileQuestion size={20} />}
        title={`“${report.name}” cannot be shown here`}
      >
        It was saved by a script or by another version of the dashboard. The API still answers it.
      </StateMessage>
    );
  }
  const { name, description, version } = report;
  return (
    <SavingProvider
      bar={SavedReportBar}
      title={ReportTitle}
      opened={{ id, type, name, description, version, view }}
    >
      {children}
    </SavingProvider>
  );
}

function InTheBin({
  id,
  name,
  version,
}: {
  readonly id: number;
  readonly name: string;
  readonly version: number;
}): ReactNode {
  const change = useChangeReport(id);
  return (
    <StateMessage
      wholePage
      testId="report-binned"
      icon={<Trash2 size={20} />}
      title={`“${name}” is in the bin`}
      actions={
        <Button
          disabled={change.isPending}
          onClick={() => change.mutate({ version, archived: false })}
        >
          Take it out
        </Button>
      }
    >
      {change.error?.message}
    </StateMessage>
  );
}
