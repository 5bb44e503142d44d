'use client';

import { ArrowLeft } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { UserProfile } from '@arbor/schema/users-result';
import { useProject } from '#api/project-context.tsx';
import { identifierLabel } from '#format/identifier.ts';
import { mayChangeUsers } from '#api/roles.ts';
import { Avatar } from './avatar.tsx';
import { UserMenu } from './user-menu.tsx';

/** Who it is, and what can be done about him. `children`: the parts of the page. */
export function UserHeader({
  identifier,
  profile,
  children,
}: {
  readonly identifier: string;
  readonly profile: UserProfile;
  readonly children: ReactNode;
}): ReactNode {
  const { id, role } = useProject();
  const name = identifierLabel(profile.displayName);
  return (
    <header className="grid gap-2.5 border-b border-line px-4 pt-2.5 pb-2.5 md:px-5">
      <Link
        href={`/p/${id}/users`}
        className="flex w-fit items-center gap-1 rounded-sm text-xs text-ink-2 hover:text-ink"
      >
        <ArrowLeft size={13} aria-hidden /> Users
      </Link>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2.5">
        <Avatar user={profile.user} name={name} size="lg" />
        <div className="min-w-0 flex-1 basis-40">
          <h1 className="text-lg leading-6 font-semibold truncate-line" data-testid="user-name">
            {name}
          </h1>
          <p className="text-xs text-ink-3 truncate-line" title={profile.user}>
            {profile.user}
          </p>
        </div>
        <div className="flex items-center gap-2">
          {children}
          {mayChangeUsers(role) ? <UserMenu identifier={identifier} profile={profile} /> : null}
        </div>
      </div>
    </header>
  );
}
