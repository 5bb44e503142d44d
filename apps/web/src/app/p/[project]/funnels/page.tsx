import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { EventsGate } from '#features/connect/components/events-gate.tsx';
import { Funnels } from '#features/funnels/components/funnels.tsx';
import { NewReport } from '#features/saved-reports/components/opened-report.tsx';

export const metadata: Metadata = { title: 'Funnels' };

export default function FunnelsPage(): ReactNode {
  return (
    <EventsGate>
      <NewReport>
        <Funnels />
      </NewReport>
    </EventsGate>
  );
}
