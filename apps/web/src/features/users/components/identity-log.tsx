'use client';

import { Link2, Link2Off, Undo2 } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { IdentityLinkEntry } from '@arbor/schema/identity';
import { useProject } from '#api/project-context.tsx';
import { Button } from '#components/button.tsx';
import { classNames } from '#components/class-names.ts';
import { Skeleton } from '#components/skeleton.tsx';
import { StateMessage } from '#components/state-message.tsx';
import { dateTimeText } from '#format/instant.ts';
import { FailureState } from '#report/report-states.tsx';
import { linkState, linkTitle } from '../identity.ts';
import { useIdentityLog } from '../profile-api.ts';
import { mayChangeUsers } from '#api/roles.ts';
import { UnmergeDialog } from './unmerge-dialog.tsx';

/** How the user's identifiers came together, newest first; admins take links back here (UX-U6). */
export function IdentityLog({ identifier }: { readonly identifier: string }): ReactNode {
  const { role } = useProject();
  const log = useIdentityLog(identifier);
  const [unmerging, setUnmerging] = useState<IdentityLinkEntry | null>(null);
  if (log.rows === undefined) {
    if (log.failure !== null) return <FailureState failure={log.failure} onRetry={log.retry} />;
    return (
      <output className="grid gap-3 p-5" aria-label="Loading">
        {[1, 2, 3].map((row) => (
          <Skeleton key={row} className="h-12" />
        ))}
      </output>
    );
  }
  if (log.rows.length === 0) {
    return (
      <StateMessage testId="identity-empty" icon={<Link2 size={20} />} title="One identifier only">
        Nothing was ever joined to this user.
      </StateMessage>
    );
  }
  return (
    <div className="h-full overflow-y-auto bg-surface">
      <ul data-testid="identity-log">
        {log.rows.map((link) => (
          <LinkItem
            key={link.id}
            link={link}
            onUnmerge={
              mayChangeUsers(role) && linkState(link) === 'joined'
                ? () => setUnmerging(link)
                : undefined
            }
          />
        ))}
      </ul>
      {log.more ? (
        <div className="grid justify-items-center py-4">
          <Button onClick={log.loadMore} disabled={log.loading}>
            {log.loading ? 'Loading' : 'Show older ones'}
          </Button>
        </div>
      ) : null}
      {unmerging === null ? null : (
        <UnmergeDialog link={unmerging} onClose={() => setUnmerging(null)} />
      )}
    </div>
  );
}

const icons = { joined: Link2, refused: Link2Off, undone: Undo2 } as const;

function LinkItem({
  link,
  onUnmerge,
}: {
  readonly link: IdentityLinkEntry;
  readonly onUnmerge: (() => void) | undefined;
}): ReactNode {
  const { timezone } = useProject();
  const state = linkState(link);
  const Icon = icons[state];
  const at = (time: string): string => dateTimeText(Date.parse(time), timezone);
  return (
    <li
      data-testid="identity-link"
      data-state={state}
      className="flex flex-wrap items-start gap-x-3 gap-y-2 border-b border-line px-4 py-3 md:px-5"
    >
      <Icon
        size={16}
        aria-hidden
        className={classNames(
          'mt-0.5 shrink-0',
          state === 'refused' ? 'text-danger' : state === 'undone' ? 'text-ink-3' : 'text-accent',
        )}
      />
      <div className="min-w-0 flex-1 basis-52">
        <p className="font-medium">{linkTitle(link)}</p>
        <p className={classNames('break-all', state !== 'joined' && 'text-ink-2')}>
          {link.alias} <span className="text-ink-3">and</span> {link.joined}
        </p>
        {link.refused === null ? null : <p className="text-danger">{link.refused}</p>}
        <p className="text-xs text-ink-3">
          {at(link.at)}
          {link.undone === null ? null : `; taken back ${at(link.undone.at)} by ${link.undone.by}`}
        </p>
      </div>
      {onUnmerge === undefined ? null : (
        <Button size="sm" onClick={onUnmerge} data-testid="unmerge">
          Unmerge
        </Button>
      )}
    </li>
  );
}
