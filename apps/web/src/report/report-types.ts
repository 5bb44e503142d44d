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

/** As large as its drawing wants: half of a board's width, but steps of a funnel need more, with figures above and below. */
export function newReportCard(
  cardId: string,
  { id, type }: { readonly id: number; readonly type: ReportType },
): BoardCard {
  const size = type === 'funnel' ? { columns: 8, rows: 6 } : { columns: 6, rows: 5 };
  return { type: 'report', id: cardId, ...size, report: id };
}

/** Differs from that of every other card of a board. Not `randomUUID`: that needs a page that came over TLS. */
export function newCardId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
