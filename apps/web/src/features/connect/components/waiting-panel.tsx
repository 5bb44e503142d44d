'use client';

import { Check } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { formatCount } from '#format/number.ts';
import { useEventNames } from '#report/names.ts';
import { useArrivals, useStrangers } from '../api.ts';
import type { Stranger } from '../model.ts';

const linkLook =
  'inline-flex h-8 items-center rounded-md px-3 font-medium bg-accent text-on-accent hover:bg-accent-strong shadow-card';
const quietLinkLook =
  'inline-flex h-8 items-center rounded-md border border-line-strong/70 bg-surface px-3 font-medium shadow-card hover:bg-hover';

/** Listens; with the first event it turns to a check. Refused records are shown with the reason. */
export function WaitingPanel(): ReactNode {
  const { id } = useProject();
  const { first, rejected } = useArrivals();
  const { names } = useEventNames();
  const connected = first !== null || (names?.length ?? 0) > 0;
  const strangers = useStrangers(!connected);
  return (
    <section
      aria-label="First event"
      data-testid="connect-waiting"
      data-connected={connected}
      className={
        connected
          ? 'grid gap-3 rounded-lg border border-accent/40 bg-accent-soft p-4'
          : 'grid gap-3 rounded-lg border border-line bg-surface p-4 shadow-card'
      }
    >
      <output className="flex items-center gap-3">
        {connected ? (
          <span className="grid size-8 shrink-0 place-items-center rounded-full bg-accent text-on-accent animate-pop">
            <Check size={18} aria-hidden />
          </span>
        ) : (
          <span className="grid size-8 shrink-0 place-items-center">
            <span className="size-3 rounded-full bg-accent animate-pulse-soft" />
          </span>
        )}
        <div className="min-w-0">
          <p className="font-semibold">
            {connected ? 'Connected' : 'Listening for the first event'}
          </p>
          <p className="text-ink-2">
            {first !== null
              ? `“${first.event}” of ${first.user === '' ? 'nobody in particular' : first.user}, with ${formatCount(Object.keys(first.properties).length, 'property', 'properties')}`
              : connected
                ? 'Events have arrived in this project.'
                : 'This page changes by itself as soon as one arrives.'}
          </p>
        </div>
      </output>
      {connected ? (
        <div className="flex flex-wrap gap-2">
          <Link href={`/p/${id}/insights`} className={linkLook}>
            See it in Insights
          </Link>
          <Link href={`/p/${id}/live`} className={quietLinkLook}>
            Watch Live
          </Link>
        </div>
      ) : null}
      {connected ? null : <Strangers strangers={strangers} />}
      {rejected.length === 0 ? null : (
        <ul className="grid gap-1" aria-label="Refused records">
          {rejected.map((entry) => (
            <li key={entry.id} className="rounded-md bg-danger-soft px-3 py-2 text-danger">
              Refused: {entry.field === undefined ? '' : `${entry.field}: `}
              {entry.reason}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Requests that were heard, but of no project (UX-O6): the sender itself is told nothing. */
function Strangers({ strangers }: { readonly strangers: readonly Stranger[] }): ReactNode {
  if (strangers.length === 0) return null;
  return (
    <div
      data-testid="connect-unknown-token"
      className="grid gap-1 rounded-md bg-danger-soft px-3 py-2 text-danger"
    >
      <p className="font-medium">A wrong token was sent to this installation</p>
      <ul className="grid gap-0.5">
        {strangers.map(({ reason, source }) => (
          <li key={reason} className="break-words">
            To /{source}: {reason}.
          </li>
        ))}
      </ul>
      <p>If this is your site, put the token from the code above there.</p>
    </div>
  );
}
