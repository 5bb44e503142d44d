import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { EventsGate } from '#features/connect/components/events-gate.tsx';
import { Insights } from '#features/insights/components/insights.tsx';
import { NewReport } from '#features/saved-reports/components/opened-report.tsx';

export const metadata: Metadata = { title: 'Insights' };

export default function InsightsPage(): ReactNode {
  return (
    <EventsGate>
      <NewReport>
        <Insights />
      </NewReport>
    </EventsGate>
  );
}
