import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { EventsGate } from '#features/connect/components/events-gate.tsx';
import { WebOverview } from '#features/web/components/web-overview.tsx';

export const metadata: Metadata = { title: 'Web overview' };

export default function WebPage(): ReactNode {
  return (
    <EventsGate>
      <WebOverview />
    </EventsGate>
  );
}
