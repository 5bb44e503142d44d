import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { EventsGate } from '#features/connect/components/events-gate.tsx';
import { Retention } from '#features/retention/components/retention.tsx';
import { NewReport } from '#features/saved-reports/components/opened-report.tsx';

export const metadata: Metadata = { title: 'Retention' };

export default function RetentionPage(): ReactNode {
  return (
    <EventsGate>
      <NewReport>
        <Retention />
      </NewReport>
    </EventsGate>
  );
}
