import type { Role } from '@arbor/db/roles';

export interface SignedInUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

export interface MembershipOf {
  readonly organizationId: number;
  readonly role: Role;
}

/** Who asks. What each of them may do is decided in `authorize.ts` alone. */
export type Principal =
  | {
      readonly type: 'user';
      readonly user: SignedInUser;
      readonly memberships: readonly MembershipOf[];
    }
  | {
      readonly type: 'service_account';
      readonly username: string;
      readonly organizationId: number;
      /** In the organisation, and in the projects that it opens without a role of their own. */
      readonly role: Role;
      /** False = it opens only the projects of `projectRoles`. */
      readonly allProjects: boolean;
      readonly projectRoles: ReadonlyMap<number, Role>;
    }
  | { readonly type: 'project_secret'; readonly projectId: number }
  /** Nobody signed in. With the demo on, a guest may read the demo project. */
  | { readonly type: 'guest' };
