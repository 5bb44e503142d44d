import type { ReportType } from '@arbor/schema/saved-reports';
import { canonical } from '#report/canonical.ts';
import { viewOfType } from '#report/report-types.ts';

export function reportPath(projectId: number, report: { id: number; type: ReportType }): string {
  return `/p/${projectId}/${viewOfType[report.type]}/${report.id}`;
}

/** Whether two states show the same, whatever order their fields came in. */
export function isSameView(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

/** What a copy is called until somebody names it, as long as names may be. */
export function copyName(name: string): string {
  return `${name.slice(0, 240)} (copy)`;
}
