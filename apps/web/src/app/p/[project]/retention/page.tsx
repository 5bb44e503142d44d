import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { EventsGate } from '#features/connect/components/events-gate.tsx';
import { Retention } from '#features/retention/components/retention.tsx';

export const metadata: Metadata = { title: 'Retention' };

export default function RetentionPage(): ReactNode {
  return (
    <EventsGate>
      <Retention />
    </EventsGate>
  );
}
