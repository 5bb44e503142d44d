/**
 * From most to least. The same names as the enum of the database, written here so that whoever needs
 * only the names does not need the generated client.
 */
export const roles = ['owner', 'admin', 'analyst', 'consumer'] as const;
export type Role = (typeof roles)[number];

/** Whether `role` may do what asks for at least `needed`. */
export function roleAllows(role: Role, needed: Role): boolean {
  return roles.indexOf(role) <= roles.indexOf(needed);
}
