import type { SessionProject } from './trpc.ts';

type Role = SessionProject['role'];

/** Who may change users, join them and take them apart. */
export function mayChangeUsers(role: Role): boolean {
  return role === 'owner' || role === 'admin';
}

/** Who may save what others see: cohorts, for example. */
export function maySave(role: Role): boolean {
  return mayChangeUsers(role) || role === 'analyst';
}

/** Who says what names in the data mean, and brings in files. */
export function mayManageData(role: Role): boolean {
  return mayChangeUsers(role);
}
