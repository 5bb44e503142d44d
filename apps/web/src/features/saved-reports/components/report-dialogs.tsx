'use client';

import { useRouter } from 'next/navigation';
import type { ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { Button } from '#components/button.tsx';
import { Dialog } from '#components/dialog.tsx';
import { useToast } from '#components/toast.tsx';
import { useForgetDraft } from '#report/use-drafts.ts';
import { savedRange, type OpenedReport, type SaveableReport } from '#report/saving.tsx';
import { useAddToBoard, useBoardChoices, useChangeReport, useCreateReport } from '../api.ts';
import { copyName, reportPath } from '../model.ts';
import { SaveDialog } from './save-dialog.tsx';

type NewDialogProps = {
  readonly report: SaveableReport;
  /** Of which it is a copy. */
  readonly original: OpenedReport | null;
  readonly onClose: () => void;
};

/** Saves what is on the screen as a report of its own, and goes to it. */
export function NewReportDialog({ report, original, onClose }: NewDialogProps): ReactNode {
  const { id: projectId } = useProject();
  const router = useRouter();
  const create = useCreateReport();
  const forgetDraft = useForgetDraft();
  const { query } = report;
  return (
    <SaveDialog
      title={original === null ? 'Save report' : 'Save as'}
      confirm="Save"
      withBoard
      name={original === null ? report.name : copyName(original.name)}
      description={original?.description ?? ''}
      pending={create.isPending}
      error={query === null ? 'The report is not complete yet.' : (create.error?.message ?? null)}
      onClose={onClose}
      onSave={({ board, ...fields }) => {
        if (query === null) return;
        const view = jsonOf(report.view);
        const made = { ...fields, query, range: savedRange(report.range), view };
        create.mutate(
          { report: made, board },
          {
            onSuccess: (saved) => {
              forgetDraft(report.view);
              onClose();
              router.push(reportPath(projectId, saved));
            },
          },
        );
      }}
    />
  );
}

/** The state as JSON keeps it: without fields that are undefined. */
export function jsonOf(view: object): Record<string, never> {
  // What comes out of JSON text is JSON; the API checks it once more.
  return JSON.parse(JSON.stringify(view)) as Record<string, never>;
}

export function DetailsDialog({
  opened,
  onClose,
}: {
  readonly opened: OpenedReport;
  readonly onClose: () => void;
}): ReactNode {
  const change = useChangeReport(opened.id);
  return (
    <SaveDialog
      title="Name and description"
      confirm="Save"
      withBoard={false}
      name={opened.name}
      description={opened.description}
      pending={change.isPending}
      error={change.error?.message ?? null}
      onClose={onClose}
      onSave={({ name, description }) =>
        change.mutate({ version: opened.version, name, description }, { onSuccess: onClose })
      }
    />
  );
}

export function AddToBoardDialog({
  opened,
  onClose,
}: {
  readonly opened: OpenedReport;
  readonly onClose: () => void;
}): ReactNode {
  const { id: projectId } = useProject();
  const router = useRouter();
  const toast = useToast();
  const boards = useBoardChoices(true);
  const add = useAddToBoard();
  return (
    <Dialog
      open
      title="Add to a board"
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      {boards.length === 0 ? (
        <p className="text-ink-2">There is no board yet. Make one under Boards.</p>
      ) : (
        <ul className="grid max-h-80 gap-1 overflow-y-auto">
          {boards.map(({ id: board, title }) => (
            <li key={board}>
              <Button
                variant="ghost"
                className="w-full justify-start! truncate-line"
                disabled={add.isPending}
                onClick={() =>
                  add.mutate(
                    { report: opened, board },
                    {
                      onSuccess: () => {
                        onClose();
                        toast(`Added to ${title}`, {
                          label: 'Open',
                          run: () => router.push(`/p/${projectId}/boards/${board}`),
                        });
                      },
                    },
                  )
                }
              >
                {title}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {add.error === null ? null : (
        <p role="alert" className="pt-3 text-danger">
          {add.error.message}
        </p>
      )}
    </Dialog>
  );
}
