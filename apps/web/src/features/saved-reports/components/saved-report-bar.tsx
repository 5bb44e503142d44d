'use client';

import {
  Copy,
  ImageDown,
  LayoutDashboard,
  Link2,
  MoreHorizontal,
  Pencil,
  RotateCcw,
  Trash2,
} from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState, type ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { maySave } from '#api/roles.ts';
import { Button, IconButton } from '#components/button.tsx';
import { Menu, MenuItem, MenuSeparator } from '#components/menu.tsx';
import { useToast } from '#components/toast.tsx';
import {
  savedRange,
  useOpenedReport,
  type OpenedReport,
  type SaveableReport,
} from '#report/saving.tsx';
import { useShortcut } from '#shortcuts/shortcuts.tsx';
import { useChangeReport } from '../api.ts';
import { isSameView } from '../model.ts';
import { savePicture } from '../save-picture.ts';
import { AddToBoardDialog, DetailsDialog, jsonOf, NewReportDialog } from './report-dialogs.tsx';

type Asking = 'new' | 'copy' | 'details' | 'board' | null;

/** Save, save as, share, export: at the head of every report (UX-SV1). */
export function SavedReportBar({ report }: { readonly report: SaveableReport }): ReactNode {
  const opened = useOpenedReport();
  const { role } = useProject();
  const [asking, setAsking] = useState<Asking>(null);
  const close = (): void => setAsking(null);
  return (
    <div className="flex items-center gap-1.5">
      {maySave(role) ? (
        opened === null ? (
          <SaveNew report={report} onSave={() => setAsking('new')} />
        ) : (
          <SaveChanges report={report} opened={opened} />
        )
      ) : null}
      <ReportMenu report={report} opened={opened} onAsk={setAsking} />
      {asking === 'new' || asking === 'copy' ? (
        <NewReportDialog report={report} original={opened} onClose={close} />
      ) : null}
      {asking === 'details' && opened !== null ? (
        <DetailsDialog opened={opened} onClose={close} />
      ) : null}
      {asking === 'board' && opened !== null ? (
        <AddToBoardDialog opened={opened} onClose={close} />
      ) : null}
    </div>
  );
}

function SaveNew({
  report,
  onSave,
}: {
  readonly report: SaveableReport;
  readonly onSave: () => void;
}): ReactNode {
  useShortcut('s', 'Save the report', () => {
    if (report.query !== null) onSave();
  });
  return (
    <Button
      size="sm"
      variant="primary"
      disabled={report.query === null}
      onClick={onSave}
      data-testid="report-save"
    >
      Save
    </Button>
  );
}

/** Says what is not saved yet, takes it back, or saves it over what was there. */
function SaveChanges({
  report,
  opened,
}: {
  readonly report: SaveableReport;
  readonly opened: OpenedReport;
}): ReactNode {
  const change = useChangeReport(opened.id);
  const router = useRouter();
  const toast = useToast();
  const isEdited = !isSameView(report.view, opened.view);
  const { query } = report;
  const save = (): void => {
    if (!isEdited || query === null || change.isPending) return;
    const { version } = opened;
    const view = jsonOf(report.view);
    change.mutate(
      { version, query, range: savedRange(report.range), view },
      {
        onSuccess: () => {
          toast('Saved');
          router.replace(window.location.pathname);
        },
      },
    );
  };
  useShortcut('s', 'Save the report', save);
  if (!isEdited) return null;
  return (
    <>
      {change.error === null ? (
        <span className="text-xs text-ink-3" data-testid="report-edited">
          Edited, not saved
        </span>
      ) : (
        <span role="alert" className="text-xs text-danger">
          {change.error.message}
        </span>
      )}
      <Button size="sm" variant="ghost" onClick={() => router.push(window.location.pathname)}>
        <RotateCcw size={14} /> Revert
      </Button>
      <Button
        size="sm"
        variant="primary"
        disabled={query === null || change.isPending}
        onClick={save}
        data-testid="report-save"
      >
        Save
      </Button>
    </>
  );
}

type ReportMenuProps = {
  readonly report: SaveableReport;
  readonly opened: OpenedReport | null;
  readonly onAsk: (asking: Asking) => void;
};

function ReportMenu({ report, opened, onAsk }: ReportMenuProps): ReactNode {
  const { role } = useProject();
  const toast = useToast();
  // Of the bar, not of the item: that one goes with the menu, before the answer comes.
  const bin = useBin(opened);
  const copyLink = (): void => {
    navigator.clipboard.writeText(window.location.href).then(
      () => toast('Link copied'),
      () => toast('The browser did not allow copying: take the address from its bar'),
    );
  };
  const picture = (): void => {
    const drawn = document.querySelector<HTMLElement>('main [data-picture]');
    if (drawn === null) return;
    savePicture(drawn, opened?.name ?? report.name).catch(() =>
      toast('The picture could not be made'),
    );
  };
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label="More for this report" data-testid="report-menu">
          <MoreHorizontal size={16} />
        </IconButton>
      }
    >
      <MenuItem icon={<Link2 size={14} />} onSelect={copyLink}>
        Copy link
      </MenuItem>
      <MenuItem icon={<ImageDown size={14} />} onSelect={picture}>
        Save picture (PNG)
      </MenuItem>
      {maySave(role) && opened !== null ? (
        <>
          <MenuSeparator />
          <MenuItem icon={<LayoutDashboard size={14} />} onSelect={() => onAsk('board')}>
            Add to a board
          </MenuItem>
          <MenuItem icon={<Pencil size={14} />} onSelect={() => onAsk('details')}>
            Name and description
          </MenuItem>
          <MenuItem icon={<Copy size={14} />} onSelect={() => onAsk('copy')}>
            Save as
          </MenuItem>
          <MenuSeparator />
          <MenuItem danger icon={<Trash2 size={14} />} onSelect={bin}>
            Move to the bin
          </MenuItem>
        </>
      ) : null}
    </Menu>
  );
}

/** Puts the report into the bin: undone rather than confirmed (UX-P9). */
function useBin(opened: OpenedReport | null): () => void {
  const { id: projectId } = useProject();
  const router = useRouter();
  const toast = useToast();
  const change = useChangeReport(opened?.id ?? 0);
  return () => {
    if (opened === null) return;
    change.mutate(
      { version: opened.version, archived: true },
      {
        onError: (error) => toast(error.message),
        onSuccess: ({ version }) => {
          router.push(`/p/${projectId}/boards`);
          toast(`“${opened.name}” is in the bin`, {
            label: 'Undo',
            run: () => change.mutate({ version, archived: false }),
          });
        },
      },
    );
  };
}
