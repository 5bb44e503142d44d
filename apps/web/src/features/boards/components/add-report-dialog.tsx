'use client';

import { useState, type ReactNode } from 'react';
import type { SavedReportSummary } from '@arbor/schema/saved-reports';
import { Button } from '#components/button.tsx';
import { Dialog } from '#components/dialog.tsx';
import { Skeleton } from '#components/skeleton.tsx';
import { Input } from '#components/text-field.tsx';
import { FailureState } from '#report/report-states.tsx';
import { typeLabels } from '#report/report-types.ts';
import { useReports } from '../api.ts';

/** Saved reports to put on the board; it stays open for several. */
export function AddReportDialog({
  onAdd,
  onClose,
}: {
  readonly onAdd: (report: SavedReportSummary) => void;
  readonly onClose: () => void;
}): ReactNode {
  const { data, failure, reload, more } = useReports();
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLowerCase();
  const found = data?.filter(({ name }) => name.toLowerCase().includes(wanted));
  return (
    <Dialog
      open
      title="Add reports"
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <div className="grid gap-3">
        <Input
          aria-label="Search saved reports"
          placeholder="Search saved reports"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        {failure !== null ? (
          <FailureState failure={failure} onRetry={reload} />
        ) : found === undefined ? (
          <Skeleton className="h-24" />
        ) : found.length === 0 ? (
          <p className="py-4 text-center text-ink-2">
            {data?.length === 0
              ? 'No report is saved yet. Open Insights, Funnels or Retention and press Save.'
              : 'No report of this name.'}
          </p>
        ) : (
          <ul className="grid max-h-80 gap-0.5 overflow-y-auto" aria-label="Saved reports">
            {found.map((report) => (
              <li key={report.id}>
                <button
                  type="button"
                  data-testid="add-report"
                  onClick={() => onAdd(report)}
                  className="flex h-9 w-full items-center gap-3 rounded-md px-2 text-left -outline-offset-2 hover:bg-hover"
                >
                  <span className="min-w-0 flex-1 truncate-line">{report.name}</span>
                  <span className="text-xs text-ink-3">{typeLabels[report.type]}</span>
                </button>
              </li>
            ))}
          </ul>
        )}
        <div className="flex justify-between gap-2">
          {more === undefined ? (
            <span />
          ) : (
            <Button size="sm" variant="ghost" onClick={more}>
              Show more
            </Button>
          )}
          <Button variant="primary" onClick={onClose} data-testid="add-report-done">
            Done
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
