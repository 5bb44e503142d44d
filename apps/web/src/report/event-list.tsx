'use client';

import { ArrowLeft, ListTree } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { ListedEvent } from '@arbor/schema/result';
import { useProject } from '#api/project-context.tsx';
import { Button } from '#components/button.tsx';
import { CopyButton } from '#components/copy-button.tsx';
import { DataTable, type Column } from '#components/data-table.tsx';
import { clockText, dayText } from '#format/instant.ts';
import { valueText, ownProperties } from '#format/property-value.ts';
import type { ListedEvents } from './listed-users.ts';
import { ListPage } from './list-page.tsx';
import { PropertyTable } from './property-table.tsx';
import { UserLink } from './user-link.tsx';

type Row = { readonly at: number; readonly event: ListedEvent };

/** The events behind a number, newest first; one of them opens with all that it was sent with (UX-DD3). */
export function EventList({
  list,
  label,
}: {
  readonly list: ListedEvents;
  readonly label: string;
}): ReactNode {
  const { timezone } = useProject();
  const [opened, setOpened] = useState<ListedEvent | null>(null);
  if (opened !== null) {
    return <EventDetails event={opened} timezone={timezone} onBack={() => setOpened(null)} />;
  }
  return (
    <ListPage list={list} noun="events" icon={<ListTree size={20} />}>
      {(events) => (
        <DataTable<Row>
          label={label}
          testId="event-list"
          columns={columnsOf(timezone, setOpened)}
          rows={events.map((event, at) => ({ at, event }))}
          rowCount={list.total ?? events.length}
          rowKey={({ at }) => String(at)}
          sort={null}
          onSort={ignoreSort}
          presorted
          onNearEnd={list.loadMore}
          fill
        />
      )}
    </ListPage>
  );
}

/** The newest stand first, and the pages come in that order. */
function ignoreSort(): void {}

function timeOf({ timeMs }: ListedEvent, timezone: string): string {
  return `${dayText(timeMs, timezone)}, ${clockText(timeMs, timezone)}`;
}

function columnsOf(timezone: string, onOpen: (event: ListedEvent) => void): readonly Column<Row>[] {
  return [
    {
      id: 'time',
      header: 'Time',
      width: 168,
      pinned: true,
      value: ({ event }) => event.timeMs,
      cell: ({ event }) => (
        <button
          type="button"
          data-testid="event-row"
          title="All properties"
          onClick={() => onOpen(event)}
          className="rounded-sm font-medium tabular hover:text-accent hover:underline"
        >
          {timeOf(event, timezone)}
        </button>
      ),
    },
    {
      id: 'event',
      header: 'Event',
      width: 150,
      value: ({ event }) => event.event,
      cell: ({ event }) => <span title={event.event}>{event.event}</span>,
    },
    {
      id: 'user',
      header: 'User',
      width: 160,
      value: ({ event }) => event.user,
      cell: ({ event }) => (event.user === '' ? '–' : <UserLink identifier={event.user} />),
    },
    {
      id: 'properties',
      header: 'Properties',
      width: 320,
      value: ({ event }) => detailOf(event),
      cell: ({ event }) => <span title={detailOf(event)}>{detailOf(event)}</span>,
    },
  ];
}

/** The first properties that somebody chose to send. */
function detailOf({ properties }: ListedEvent): string {
  return ownProperties(properties)
    .slice(0, 4)
    .map(([name, value]) => `${name}: ${valueText(value)}`)
    .join(' · ');
}

function EventDetails({
  event,
  timezone,
  onBack,
}: {
  readonly event: ListedEvent;
  readonly timezone: string;
  readonly onBack: () => void;
}): ReactNode {
  return (
    <section aria-label={event.event} className="h-full overflow-auto" data-testid="event-details">
      <div className="grid gap-4 p-4">
        <div className="flex items-center gap-2">
          <Button size="sm" variant="ghost" onClick={onBack} className="-ml-2">
            <ArrowLeft size={14} /> All events
          </Button>
          <span className="flex-1" />
          <CopyButton text={JSON.stringify(event, null, 2)} label="Copy JSON" />
        </div>
        <div className="grid gap-0.5">
          <h3 className="text-base font-semibold">{event.event}</h3>
          <p className="text-ink-2 tabular">{timeOf(event, timezone)}</p>
          {event.user === '' ? null : (
            <p className="break-all">
              <UserLink identifier={event.user} />
            </p>
          )}
        </div>
        <PropertyTable properties={Object.entries(event.properties)} />
      </div>
    </section>
  );
}
