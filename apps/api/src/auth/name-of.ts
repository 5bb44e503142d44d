import type { Principal } from './principal.ts';

/** How somebody is named in what is kept of who did what. */
export function nameOf(principal: Principal): string {
  switch (principal.type) {
    case 'user':
      return principal.user.email;
    case 'service_account':
      return accountName(principal.username);
    case 'project_secret':
      return 'the project secret';
    case 'guest':
      return 'a guest';
  }
}

/** Nobody's e-mail address has spaces, so it is no other's name. */
export const accountName = (username: string): string => `service account ${username}`;
