import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { Users } from '#features/users/components/users.tsx';

export const metadata: Metadata = { title: 'Users' };

/** Also of a project without events: users may have been sent alone. */
export default function UsersPage(): ReactNode {
  return <Users />;
}
