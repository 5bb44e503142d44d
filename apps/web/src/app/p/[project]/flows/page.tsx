import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { EventsGate } from '#features/connect/components/events-gate.tsx';
import { Flows } from '#features/flows/components/flows.tsx';
import { NewReport } from '#features/saved-reports/components/opened-report.tsx';

export const metadata: Metadata = { title: 'Flows' };

export default function FlowsPage(): ReactNode {
  return (
    <EventsGate>
      <NewReport>
        <Flows />
      </NewReport>
    </EventsGate>
  );
}
