'use client';

import { UserRoundX } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { StateMessage } from '#components/state-message.tsx';
import { UserLink } from '#report/user-link.tsx';
import { useNearIdentifiers } from '../profile-api.ts';

/** Nobody has the identifier (UX-U8): those that begin alike are named. */
export function UnknownUser({ identifier }: { readonly identifier: string }): ReactNode {
  const { id } = useProject();
  const near = useNearIdentifiers(identifier);
  return (
    <StateMessage
      wholePage
      testId="user-unknown"
      icon={<UserRoundX size={20} />}
      title="No user with this identifier"
      actions={
        <Link
          href={`/p/${id}/users`}
          className="inline-flex h-8 items-center rounded-md border border-line-strong/70 bg-surface px-3 font-medium shadow-card hover:bg-hover"
        >
          All users
        </Link>
      }
    >
      <p className="break-all">“{identifier}”</p>
      {near.length === 0 ? null : (
        <>
          <p className="mt-3">Identifiers that begin alike:</p>
          <ul className="mt-1 grid gap-1">
            {near.map((one) => (
              <li key={one}>
                <UserLink identifier={one} className="break-all" />
              </li>
            ))}
          </ul>
        </>
      )}
    </StateMessage>
  );
}
