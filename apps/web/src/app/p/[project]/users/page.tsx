import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { EventsGate } from '#features/connect/components/events-gate.tsx';
import { Users } from '#features/users/components/users.tsx';

export const metadata: Metadata = { title: 'Users' };

export default function UsersPage(): ReactNode {
  return (
    <EventsGate>
      <Users />
    </EventsGate>
  );
}
