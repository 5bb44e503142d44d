'use client';

import { Trash2 } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { BoardCard } from '@arbor/schema/boards';
import type { SavedReport } from '@arbor/schema/saved-reports';
import { useProject } from '#api/project-context.tsx';
import { Skeleton } from '#components/skeleton.tsx';
import { StateMessage } from '#components/state-message.tsx';
import type { RangeState } from '#report/range.ts';
import { FailureState } from '#report/report-states.tsx';
import { viewOfType } from '#report/report-types.ts';
import { useReport } from '../api.ts';
import { cardHeight } from '../layout.ts';
import { useNearView } from '../use-near-view.ts';
import { CardFrame, type CardActions } from './board-card.tsx';

/** Draws a saved report, in its own range or in one for the whole board, so many pixels high. */
export type RenderReport = (
  report: SavedReport,
  options: { readonly range: RangeState | null; readonly height: number },
) => ReactNode;

export type ReportCardProps = {
  readonly card: Extract<BoardCard, { type: 'report' }>;
  readonly range: RangeState | null;
  readonly actions: CardActions | null;
  readonly dragged: boolean;
  readonly render: RenderReport;
};

/** Pixels of a card's head with its line. */
const headHeight = 46;

/** A live report; its question is asked when the card comes near the view (UX-B3). */
export function ReportCard(props: ReportCardProps): ReactNode {
  const { card, range } = props;
  const { id: projectId } = useProject();
  const { data: report, failure, reload } = useReport(card.report);
  const { ref, near } = useNearView();
  const height = cardHeight(card.rows) - headHeight;
  const name = report?.name ?? `Report ${card.report}`;
  return (
    <CardFrame
      card={card}
      label={name}
      actions={props.actions}
      dragged={props.dragged}
      title={
        report === undefined || report.archived ? (
          name
        ) : (
          <Link
            href={`/p/${projectId}/${viewOfType[report.type]}/${report.id}`}
            className="rounded-sm hover:underline"
          >
            {name}
          </Link>
        )
      }
    >
      <div ref={ref} style={{ height }} className="overflow-auto">
        {failure !== null ? (
          <FailureState failure={failure} onRetry={reload} />
        ) : report === undefined || !near ? (
          <Skeleton className="m-4 h-3/4" />
        ) : report.archived ? (
          <StateMessage icon={<Trash2 size={20} />} title="This report is in the bin" />
        ) : (
          props.render(report, { range, height })
        )}
      </div>
    </CardFrame>
  );
}
