import type { BoardCard } from '@arbor/schema/boards';
import type { ReportType } from '@arbor/schema/saved-reports';

export const typeLabels: Readonly<Record<ReportType, string>> = {
  insights: 'Insights',
  funnel: 'Funnel',
  retention: 'Retention',
  flow: 'Flows',
};

/** The view of the dashboard that shows reports of a type. */
export const viewOfType: Readonly<Record<ReportType, string>> = {
  insights: 'insights',
  funnel: 'funnels',
  retention: 'retention',
  flow: 'flows',
};

/** Half of a board's width, and as high as its drawing wants: steps of a funnel have figures above and below. */
export function newReportCard(
  cardId: string,
  { id, type }: { readonly id: number; readonly type: ReportType },
): BoardCard {
  return { type: 'report', id: cardId, columns: 6, rows: type === 'funnel' ? 6 : 5, report: id };
}

/** Differs from that of every other card of a board. Not `randomUUID`: that needs a page that came over TLS. */
export function newCardId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
