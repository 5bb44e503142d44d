'use client';

import { useState, type ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { CopyButton } from '#components/copy-button.tsx';
import { Segmented } from '#components/segmented.tsx';
import { Skeleton } from '#components/skeleton.tsx';
import { useProjectToken, useSdkDescription } from '../api.ts';
import { snippets, type Snippet } from '../snippets.ts';
import { WaitingPanel } from './waiting-panel.tsx';

/** How to send the first event, and the panel that turns green when it arrives (UX-O4, UX-O5). */
export function Connect({ apiUrl }: { readonly apiUrl: string }): ReactNode {
  const { name } = useProject();
  const token = useProjectToken();
  const sdk = useSdkDescription(apiUrl);
  const [chosen, setChosen] = useState<Snippet['id']>('script');
  const all = token === undefined ? [] : snippets({ token, apiUrl, sdk });
  const snippet = all.find(({ id }) => id === chosen);
  return (
    <div className="h-full overflow-y-auto" data-testid="connect">
      <div className="mx-auto grid max-w-3xl gap-5 px-4 py-8 md:px-6 md:py-12">
        <header className="grid gap-1">
          <h1 className="text-xl font-semibold">Connect {name}</h1>
          <p className="text-ink-2">
            Paste one of these into your site, app or server. Nothing else has to be set up.
          </p>
        </header>
        {snippet === undefined ? (
          <Skeleton className="h-56" />
        ) : (
          <section
            aria-label="Code to paste"
            className="min-w-0 overflow-hidden rounded-lg border border-line bg-surface shadow-card"
          >
            <div className="flex flex-wrap items-center justify-between gap-2 border-b border-line p-2">
              <div className="max-w-full overflow-x-auto">
                <Segmented
                  label="Way to connect"
                  testId="connect-way"
                  value={chosen}
                  options={all.map(({ id, label }) => ({ value: id, label }))}
                  onChange={setChosen}
                />
              </div>
              <CopyButton text={snippet.code} />
            </div>
            <p className="px-4 pt-3 text-ink-2">{snippet.note}</p>
            <pre
              data-testid="connect-snippet"
              // A region that scrolls must be reachable by keyboard.
              // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
              tabIndex={0}
              className="overflow-x-auto p-4 font-mono text-xs leading-5"
            >
              {snippet.code}
            </pre>
            <dl className="flex flex-wrap gap-x-6 gap-y-1 border-t border-line px-4 py-2.5 text-xs text-ink-2">
              <Fact name="Project token" value={token ?? ''} />
              <Fact name="API address" value={apiUrl} />
            </dl>
          </section>
        )}
        <WaitingPanel />
      </div>
    </div>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }): ReactNode {
  return (
    <div className="flex min-w-0 gap-1.5">
      <dt className="shrink-0 text-ink-3">{name}</dt>
      <dd className="font-mono break-all">{value}</dd>
    </div>
  );
}
