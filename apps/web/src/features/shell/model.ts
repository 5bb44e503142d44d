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
  'web',
  'data',
  'settings',
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
  web: { label: 'Web overview', key: 'o' },
  data: { label: 'Data', key: 'd' },
  settings: { label: 'Settings', key: 's' },
};

export function viewPath(projectId: number, view: View | 'connect' | 'api'): string {
  return `/p/${projectId}/${view}`;
}

/** What is no view of the project's data. */
export type Page = 'shop' | 'connect' | 'api';

export type PageLink = { readonly page: Page; readonly href: string; readonly label: string };

/** The pages below the views: the shop fills the demo, Connect every other project. */
export function pagesOf({
  id,
  isDemo,
}: {
  readonly id: number;
  readonly isDemo: boolean;
}): readonly PageLink[] {
  const source: PageLink = isDemo
    ? { page: 'shop', href: '/shop', label: 'Demo shop' }
    : { page: 'connect', href: viewPath(id, 'connect'), label: 'Connect' };
  return [source, { page: 'api', href: viewPath(id, 'api'), label: 'API' }];
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
