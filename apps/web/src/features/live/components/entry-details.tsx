'use client';

import type { ReactNode } from 'react';
import type { LiveEntry } from '@arbor/schema/live';
import { useProject } from '#api/project-context.tsx';
import { CopyButton } from '#components/copy-button.tsx';
import { useNow } from '#format/use-now.ts';
import { PropertyTable } from '#report/property-table.tsx';
import { UserLink } from '#report/user-link.tsx';
import { detailLines, entryTime, timeText } from '../model.ts';

/** Everything that is known of one record: who, when, all properties with their types, raw JSON. */
export function EntryDetails({ entry }: { readonly entry: LiveEntry }): ReactNode {
  const { timezone } = useProject();
  const now = useNow();
  const lines = detailLines(entry);
  const raw = entry.kind === 'rejected' ? entry.record : JSON.stringify(entry, null, 2);
  const at = (instantMs: number): string => timeText(instantMs, timezone, now);
  return (
    <div className="grid gap-5 p-4">
      {entry.kind === 'rejected' ? (
        <p className="rounded-md bg-danger-soft px-3 py-2 text-danger">
          {entry.field === undefined ? null : <b className="font-semibold">{entry.field}: </b>}
          {entry.reason}
        </p>
      ) : null}
      <dl className="grid grid-cols-[120px_1fr] gap-x-3 gap-y-1">
        {entry.kind === 'rejected' ? null : (
          <>
            <Fact name="Time">{at(entryTime(entry))}</Fact>
            <Fact name="User">
              <UserLink identifier={entry.user} />
            </Fact>
          </>
        )}
        {entry.kind === 'event' || entry.kind === 'person' ? (
          <Fact name="Sent as">{entry.distinctId}</Fact>
        ) : null}
        {entry.kind === 'alias' ? <Fact name="Identifier">{entry.alias}</Fact> : null}
        {entry.kind === 'alias' && entry.refused !== undefined ? (
          <Fact name="Refused">{entry.refused}</Fact>
        ) : null}
        <Fact name="Received">{at(entry.receivedAt)}</Fact>
        <Fact name="Sent to">{entry.source}</Fact>
        {entry.kind === 'event' ? <Fact name="Insert id">{entry.insertId}</Fact> : null}
      </dl>
      {lines.length === 0 ? null : (
        <section aria-label="Properties" className="grid gap-1">
          <h3 className="text-xs font-semibold text-ink-2">Properties</h3>
          <PropertyTable properties={lines.map(({ name, value }) => [name, value] as const)} />
        </section>
      )}
      <section aria-label="Raw" className="grid gap-1">
        <div className="flex items-center justify-between">
          <h3 className="text-xs font-semibold text-ink-2">
            {entry.kind === 'rejected' ? 'Record as sent' : 'JSON'}
          </h3>
          <CopyButton text={raw} />
        </div>
        <pre className="overflow-x-auto rounded-md bg-sunken p-3 font-mono text-2xs whitespace-pre-wrap break-all">
          {raw}
        </pre>
      </section>
    </div>
  );
}

function Fact({
  name,
  children,
}: {
  readonly name: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <>
      <dt className="text-ink-3">{name}</dt>
      <dd className="min-w-0 break-all tabular">{children}</dd>
    </>
  );
}
