import Link from 'next/link';
import type { ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { classNames } from '#components/class-names.ts';

/** The page of a user, by any identifier of his. */
export function userPath(projectId: number, identifier: string): string {
  return `/p/${projectId}/users/${encodeURIComponent(identifier)}`;
}

/** An identifier that leads to whoever has it. */
export function UserLink({
  identifier,
  className,
  children,
}: {
  readonly identifier: string;
  readonly className?: string;
  readonly children?: ReactNode;
}): ReactNode {
  const { id } = useProject();
  return (
    <Link
      href={userPath(id, identifier)}
      prefetch={false}
      data-testid="user-link"
      className={classNames('text-accent underline-offset-2 hover:underline', className)}
    >
      {children ?? identifier}
    </Link>
  );
}
