import type { Role } from './generated/enums.ts';

export type { Role };

/** From most to least. */
export const roles: readonly Role[] = ['owner', 'admin', 'analyst', 'consumer'];

/** Whether `role` may do what asks for at least `needed`. */
export function roleAllows(role: Role, needed: Role): boolean {
  return roles.indexOf(role) <= roles.indexOf(needed);
}
