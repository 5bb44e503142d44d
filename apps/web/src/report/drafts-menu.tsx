'use client';

import { FileClock, X } from 'lucide-react';
import Link from 'next/link';
import { useState, type ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { IconButton } from '#components/button.tsx';
import { Popover } from '#components/popover.tsx';
import { dateTimeText } from '#format/instant.ts';
import { typeLabels } from './report-types.ts';
import { useOpenedReport } from './saving.tsx';
import { reportAddress } from './url-state.ts';
import { useDrafts, useKeptDraft, type Drafts, type KeptReport } from './use-drafts.ts';

/** Reports that were left without being saved, and the one on the screen among them (UX-R8). */
export function DraftsMenu({ report }: { readonly report: KeptReport }): ReactNode {
  const isSaved = useOpenedReport() !== null;
  const drafts = useDrafts();
  useKeptDraft(drafts, isSaved ? null : report);
  const [open, setOpen] = useState(false);
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      label="Drafts"
      align="end"
      className="w-80"
      trigger={
        <IconButton label="Drafts" data-testid="drafts">
          <FileClock size={15} />
        </IconButton>
      }
    >
      <DraftList {...drafts} onOpened={() => setOpen(false)} />
    </Popover>
  );
}

function DraftList({
  drafts,
  forget,
  onOpened,
}: Drafts & { readonly onOpened: () => void }): ReactNode {
  const { id: projectId, timezone } = useProject();
  if (drafts.length === 0) {
    return (
      <p className="p-4 text-ink-2">
        No drafts. Reports that you change and do not save are kept here, in this browser.
      </p>
    );
  }
  return (
    <ul className="max-h-96 overflow-y-auto p-1" data-testid="draft-list">
      {drafts.map(({ id, type, name, view, changedMs }) => (
        <li key={id} className="flex items-center gap-1">
          <Link
            href={reportAddress(projectId, type, view)}
            prefetch={false}
            onClick={onOpened}
            className="grid min-w-0 flex-1 rounded-md px-2 py-1 hover:bg-hover"
          >
            <span className="truncate-line" title={name}>
              {name}
            </span>
            <span className="text-xs text-ink-3">
              {typeLabels[type]}, {dateTimeText(changedMs, timezone)}
            </span>
          </Link>
          <IconButton label={`Throw the draft away: ${name}`} onClick={() => forget(id)}>
            <X size={14} />
          </IconButton>
        </li>
      ))}
    </ul>
  );
}
