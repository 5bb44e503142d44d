'use client';

import { Fingerprint, UserRound } from 'lucide-react';
import Link from 'next/link';
import { useState, type ReactNode } from 'react';
import type { UserProfile } from '@arbor/schema/users-result';
import { useProject } from '#api/project-context.tsx';
import { Button } from '#components/button.tsx';
import { Notice } from '#components/notice.tsx';
import { Skeleton } from '#components/skeleton.tsx';
import { dateTimeText, dayText } from '#format/instant.ts';
import { formatNumber, noValue } from '#format/number.ts';
import { BuilderSection } from '#report/builder-section.tsx';
import { placeOf } from '../profile.ts';
import { useIdentity, useUserCohorts } from '../profile-api.ts';
import { Fact, Facts } from './facts.tsx';

/** When the user was there, from where, and under which identifiers. */
export function UserSummary({
  identifier,
  profile,
}: {
  readonly identifier: string;
  readonly profile: UserProfile;
}): ReactNode {
  const { timezone } = useProject();
  const place = placeOf(profile.properties);
  const time = (ms: number | null): string => (ms === null ? noValue : dateTimeText(ms, timezone));
  return (
    <>
      <BuilderSection title="Overview">
        <Facts>
          {place === '' ? null : <Fact name="Place">{place}</Fact>}
          <Fact name="First seen">{time(profile.firstSeenMs)}</Fact>
          <Fact name="Last seen">{time(profile.lastSeenMs)}</Fact>
          <Fact name="Events">
            <span data-testid="user-events">{formatNumber(profile.eventCount)}</span>
          </Fact>
          <Fact name="Sessions">{formatNumber(profile.sessionCount)}</Fact>
        </Facts>
      </BuilderSection>
      <Identifiers identifier={identifier} />
      <Cohorts identifier={identifier} />
    </>
  );
}

/** Which saved cohorts the user is in; each leads to its page (UX-U3). */
function Cohorts({ identifier }: { readonly identifier: string }): ReactNode {
  const { id: projectId } = useProject();
  const { data, failure } = useUserCohorts(identifier);
  if (failure !== null) return null;
  return (
    <BuilderSection title="Cohorts">
      {data === undefined ? (
        <Skeleton className="h-4" />
      ) : (
        <div className="grid gap-1.5" data-testid="user-cohorts">
          {data.cohorts.length === 0 ? <p className="text-ink-3">In none</p> : null}
          <ul className="flex flex-wrap gap-1.5">
            {data.cohorts.map(({ id, name }) => (
              <li key={id} className="min-w-0">
                <Link
                  href={`/p/${projectId}/cohorts/${encodeURIComponent(id)}`}
                  title={name}
                  className="flex h-6 items-center rounded-full bg-sunken px-2.5 text-xs hover:bg-hover"
                >
                  <span className="truncate-line">{name}</span>
                </Link>
              </li>
            ))}
          </ul>
          {data.more ? (
            <p className="text-xs text-ink-3">
              There are more cohorts than were looked through here.
            </p>
          ) : null}
        </div>
      )}
    </BuilderSection>
  );
}

const shownMax = 5;

function Identifiers({ identifier }: { readonly identifier: string }): ReactNode {
  const { timezone } = useProject();
  const [all, setAll] = useState(false);
  const { data: identity, failure } = useIdentity(identifier);
  if (failure !== null) return null;
  const identifiers = identity?.identifiers ?? [];
  const shown = all ? identifiers : identifiers.slice(0, shownMax);
  const count = identity === undefined ? '' : ` (${formatNumber(identifiers.length)})`;
  return (
    <BuilderSection title={`Identifiers${count}`}>
      {identity === undefined ? <Skeleton className="h-4" /> : null}
      {identity?.full === true ? (
        <Notice tone="warning">
          This user has as many identifiers as one can have. Most likely several people share one of
          them.
        </Notice>
      ) : null}
      <ul className="grid gap-1.5" data-testid="user-identifiers">
        {shown.map(({ identifier: one, kind, firstSeen }) => {
          const Icon = kind === 'anonymous' ? Fingerprint : UserRound;
          return (
            <li key={one} className="flex items-start gap-2">
              <Icon
                size={14}
                className="mt-0.5 shrink-0 text-ink-3"
                aria-label={kind === 'anonymous' ? 'Device' : 'Identified'}
              />
              <span className="min-w-0 flex-1">
                <span className="break-all">{one}</span>
                <span className="block text-2xs text-ink-3">
                  since {dayText(Date.parse(firstSeen), timezone)}
                </span>
              </span>
            </li>
          );
        })}
      </ul>
      {identifiers.length > shownMax ? (
        <Button
          variant="ghost"
          size="sm"
          className="justify-self-start"
          aria-expanded={all}
          onClick={() => setAll(!all)}
        >
          {all ? 'Show fewer' : `Show all ${formatNumber(identifiers.length)}`}
        </Button>
      ) : null}
    </BuilderSection>
  );
}
