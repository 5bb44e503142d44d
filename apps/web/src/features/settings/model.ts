import type { SessionProject } from '#api/trpc.ts';

/** The pages of the settings, with who finds something there. */
export const settingsPages = [
  { id: 'project', label: 'Project', path: '' },
  { id: 'members', label: 'Members', path: '/members' },
  { id: 'accounts', label: 'Service accounts', path: '/service-accounts' },
  { id: 'activity', label: 'Audit log', path: '/activity' },
  { id: 'account', label: 'Your account', path: '/account' },
] as const;
export type SettingsPage = (typeof settingsPages)[number]['id'];

/** A page that would only say no is absent (UX-P10). */
export function pagesFor(
  role: SessionProject['role'],
  signedIn: boolean,
): readonly (typeof settingsPages)[number][] {
  const manages = role === 'owner' || role === 'admin';
  return settingsPages.filter(({ id }) => {
    if (id === 'project') return true;
    return id === 'account' ? signedIn : manages;
  });
}

type Role = SessionProject['role'];

/** From most to least, with what each may do beside what those after it may. */
export const roleInfo: Readonly<Record<Role, string>> = {
  owner: 'Everything, also making and removing other owners.',
  admin: 'Settings, members, service accounts, data, merging and erasing users.',
  analyst: 'Saves reports, boards and cohorts, and changes those of others.',
  consumer: 'Looks at everything, changes nothing.',
};
export const roleNames: readonly Role[] = ['owner', 'admin', 'analyst', 'consumer'];

/** Nobody gives out more than he has. */
export function rolesToGive(own: Role): readonly Role[] {
  return roleNames.slice(roleNames.indexOf(own));
}

export const weekdays = [
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
  'Sunday',
] as const;

export const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/** What was typed or pasted, one a line or between commas; each once. */
export function originsOf(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter((part) => part !== ''))];
}

const words: Readonly<Record<string, string>> = {
  create: 'created',
  change: 'changed',
  archive: 'moved to the bin',
  delete: 'deleted',
  edit: 'edited',
  set: 'set',
  rotate: 'given a new secret',
  remove: 'removed',
  join: 'joined',
  withdraw: 'withdrawn',
};

/** "report.create" → "report created", as a person says it. */
export function actionText(action: string): string {
  const parts = action.replaceAll('_', ' ').split('.');
  const verb = parts.at(-1) ?? '';
  const said = Object.hasOwn(words, verb) ? (words[verb] ?? verb) : verb;
  return [...parts.slice(0, -1), said].join(' ');
}

/** "Firefox on Linux" of what a browser says of itself; the whole of it where that is not known. */
export function browserName(userAgent: string | null): string {
  if (userAgent === null || userAgent === '') return 'Unknown program';
  const browser = [
    ['Edg/', 'Edge'],
    ['OPR/', 'Opera'],
    ['Firefox/', 'Firefox'],
    ['Chrome/', 'Chrome'],
    ['Safari/', 'Safari'],
  ].find(([mark]) => userAgent.includes(mark ?? ''))?.[1];
  const system = [
    ['Android', 'Android'],
    ['iPhone', 'iPhone'],
    ['iPad', 'iPad'],
    ['Windows', 'Windows'],
    ['Mac OS X', 'macOS'],
    ['Linux', 'Linux'],
  ].find(([mark]) => userAgent.includes(mark ?? ''))?.[1];
  if (browser === undefined) return userAgent;
  return system === undefined ? browser : `${browser} on ${system}`;
}
