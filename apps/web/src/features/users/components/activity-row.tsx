'use client';

import { ChevronRight } from 'lucide-react';
import { useId, type ReactNode } from 'react';
import type { ActivityEvent } from '@arbor/schema/users-result';
import { useProject } from '#api/project-context.tsx';
import { classNames } from '#components/class-names.ts';
import { CopyButton } from '#components/copy-button.tsx';
import { clockText } from '#format/instant.ts';
import { eventDetail } from '../activity.ts';
import { propertyLines } from '../profile.ts';
import { PropertyTable } from './property-table.tsx';

/** One event as a line; open, with all its properties below. */
export function ActivityRow({
  event,
  colour,
  open,
  onToggle,
}: {
  readonly event: ActivityEvent;
  readonly colour: string;
  readonly open: boolean;
  readonly onToggle: () => void;
}): ReactNode {
  const { timezone } = useProject();
  const id = useId();
  return (
    <div className="border-b border-line">
      <button
        type="button"
        data-row
        data-testid="activity-row"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={onToggle}
        className="flex h-9 w-full items-center gap-2.5 px-4 text-left -outline-offset-2 hover:bg-hover md:px-5"
      >
        <span className="shrink-0 font-mono text-2xs text-ink-3 tabular">
          {clockText(event.timeMs, timezone)}
        </span>
        <span aria-hidden className="size-2 shrink-0 rounded-full" style={{ background: colour }} />
        <span className="min-w-0 shrink-0 basis-36 font-medium truncate-line max-sm:flex-1 lg:basis-44">
          {event.event}
        </span>
        <span className="hidden min-w-0 flex-1 text-xs text-ink-3 truncate-line sm:block">
          {eventDetail(event)}
        </span>
        <ChevronRight
          size={14}
          aria-hidden
          className={classNames('shrink-0 text-ink-3 transition-transform', open && 'rotate-90')}
        />
      </button>
      {open ? (
        <div id={id} className="grid gap-2 bg-sunken px-4 pt-1 pb-3 md:px-5">
          <PropertyTable lines={propertyLines(event.properties, '')} />
          <span>
            <CopyButton text={JSON.stringify(event, null, 2)} label="Copy JSON" />
          </span>
        </div>
      ) : null}
    </div>
  );
}
