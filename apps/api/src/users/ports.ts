import type { PersonOperation } from '@arbor/schema/ingest';
import type { ActivityRequest } from '@arbor/schema/query';
import type { Activity, UserProfile } from '@arbor/schema/users-result';
import type { AuthorizedProject } from '../auth/authorize.ts';
import type { Principal } from '../auth/principal.ts';

/** One user of a project, by any identifier of his. */
export interface UserRequest {
  readonly project: AuthorizedProject;
  readonly identifier: string;
  readonly signal: AbortSignal;
}

/** What may be changed of a profile by hand (reports.md 10). */
export type ProfileEdit = Extract<PersonOperation, { operator: '$set' | '$unset' | '$delete' }>;

/** Throws ApiError NOT_FOUND for an identifier that nobody has, with identifiers that begin alike. */
export interface UsersService {
  profile(request: UserRequest): Promise<UserProfile>;
  /** Identifiers that begin as this one does, as far as any do: what somebody who mistyped may have meant. */
  near(request: Omit<UserRequest, 'signal'>): Promise<string[]>;
  activity(request: UserRequest & { readonly activity: ActivityRequest }): Promise<Activity>;
  /**
   * Resolves once the change is durable; it is seen a moment later, like everything that is sent. Written down in the
   * audit log with what was there before.
   */
  edit(
    request: UserRequest & { readonly edits: readonly ProfileEdit[]; readonly by: Principal },
  ): Promise<void>;
}
