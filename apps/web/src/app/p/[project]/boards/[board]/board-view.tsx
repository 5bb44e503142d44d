'use client';

import { FileQuestion } from 'lucide-react';
import type { ReactNode } from 'react';
import { StateMessage } from '#components/state-message.tsx';
import { BoardPage } from '#features/boards/components/board-page.tsx';
import type { RenderReport } from '#features/boards/components/report-card.tsx';
import { FlowCard } from '#features/flows/components/flow-card.tsx';
import { flowStateSchema } from '#features/flows/state.ts';
import { FunnelCard } from '#features/funnels/components/funnel-card.tsx';
import { funnelStateSchema } from '#features/funnels/state.ts';
import { InsightsCard } from '#features/insights/components/insights-card.tsx';
import { insightsStateSchema } from '#features/insights/state.ts';
import { RetentionCard } from '#features/retention/components/retention-card.tsx';
import { retentionStateSchema } from '#features/retention/state.ts';

/** Binds boards and the reports they show: neither knows of the other. */
export function BoardView({ id }: { readonly id: number }): ReactNode {
  return <BoardPage key={id} id={id} render={renderReport} />;
}

const renderReport: RenderReport = ({ type, view }, { range, height }) => {
  switch (type) {
    case 'insights': {
      const state = insightsStateSchema.safeParse(view).data;
      // Another range has another unit that fits it.
      if (state !== undefined)
        return (
          <InsightsCard
            state={range === null ? state : { ...state, range, unit: null }}
            height={height}
          />
        );
      break;
    }
    case 'funnel': {
      const state = funnelStateSchema.safeParse(view).data;
      if (state !== undefined)
        return <FunnelCard state={range === null ? state : { ...state, range }} height={height} />;
      break;
    }
    case 'retention': {
      const state = retentionStateSchema.safeParse(view).data;
      if (state !== undefined)
        return (
          <RetentionCard state={range === null ? state : { ...state, range }} height={height} />
        );
      break;
    }
    case 'flow': {
      const state = flowStateSchema.safeParse(view).data;
      if (state !== undefined)
        return <FlowCard state={range === null ? state : { ...state, range }} />;
      break;
    }
  }
  return (
    <StateMessage icon={<FileQuestion size={20} />} title="This report cannot be drawn here">
      It was saved by a script or by another version of the dashboard.
    </StateMessage>
  );
};
