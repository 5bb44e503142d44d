/** Views of a project, in the order of the navigation (UX-S1); more follow as they exist. */
export const views = [
  'live',
  'insights',
  'funnels',
  'retention',
  'flows',
  'users',
  'cohorts',
  'boards',
] as const;
export type View = (typeof views)[number];

export const foldedCookie = 'arbor-nav-folded';
export const projectCookie = 'arbor-project';

export type ViewInfo = { readonly label: string; readonly key: string };

/** `key` follows `g` (`ux.md` 24). */
export const viewInfo: Readonly<Record<View, ViewInfo>> = {
  live: { label: 'Live', key: 'l' },
  insights: { label: 'Insights', key: 'i' },
  funnels: { label: 'Funnels', key: 'f' },
  retention: { label: 'Retention', key: 'r' },
  flows: { label: 'Flows', key: 'w' },
  users: { label: 'Users', key: 'u' },
  cohorts: { label: 'Cohorts', key: 'c' },
  boards: { label: 'Boards', key: 'b' },
};

export function viewPath(projectId: number, view: View | 'connect' | 'api'): string {
  return `/p/${projectId}/${view}`;
}

/** The view a path shows; null for pages that are none (Connect). */
export function viewOf(path: string): View | null {
  const name = path.split('/')[3];
  return views.find((view) => view === name) ?? null;
}

/** Switching the project keeps the kind of view and drops what belongs to the old project (UX-S2). */
export function pathInProject(path: string, projectId: number): string {
  return viewPath(projectId, viewOf(path) ?? 'insights');
}
