import type { Role } from '@arbor/db/roles';
import type { AuthorizedOrganization } from '../auth/authorize-organization.ts';
import type { AuthorizedProject } from '../auth/authorize.ts';
import type { Principal } from '../auth/principal.ts';
import type {
  NewServiceAccount,
  ServiceAccountChange,
  ServiceAccountPage,
} from './service-account-input.ts';

/** A service account as those see it who manage its organisation. Never holds its secret. */
export interface ServiceAccountView {
  readonly id: number;
  readonly username: string;
  /** In the organisation, and in projects without an entry in `projects`. */
  readonly role: Role;
  /** False = it opens only `projects`, and manages nothing of the organisation. */
  readonly allProjects: boolean;
  /** Where it has a role of its own. */
  readonly projects: readonly ProjectRole[];
  /** Who made it, in words; null = the command line. */
  readonly createdBy: string | null;
  readonly createdAt: Date;
  /** Null = it is good until it is removed. */
  readonly expiresAt: Date | null;
  readonly expired: boolean;
  /** To the minute; null = never. */
  readonly lastUsedAt: Date | null;
}

export interface ProjectRole {
  readonly id: number;
  readonly name: string;
  readonly role: Role;
}

/** A service account as those see it who manage one project that it opens. */
export interface ProjectAccountView {
  readonly id: number;
  readonly username: string;
  /** In this project. */
  readonly role: Role;
  readonly createdBy: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly expired: boolean;
  readonly lastUsedAt: Date | null;
}

/** An account together with its secret, which is told only once. */
export interface SecretOfAccount {
  readonly serviceAccount: ServiceAccountView;
  readonly secret: string;
}

/** Several accounts and projects at once, all or none. */
export interface AccountsOfProjects {
  readonly accounts: readonly number[];
  readonly projects: readonly { readonly id: number; readonly role: Role }[];
}

/**
 * Credentials of scripts. Every change is written down in the audit log of the organisation. Nobody gives out more than
 * his own role, nor touches an account that may do more than he: FORBIDDEN.
 */
export interface ServiceAccounts {
  /** By number. */
  list(
    organization: AuthorizedOrganization,
    page: ServiceAccountPage,
  ): Promise<{ readonly serviceAccounts: ServiceAccountView[]; readonly next: string | null }>;
  get(organization: AuthorizedOrganization, id: number): Promise<ServiceAccountView>;
  /** Who opens a project, and as what. */
  ofProject(project: AuthorizedProject): Promise<ProjectAccountView[]>;
  create(
    organization: AuthorizedOrganization,
    account: NewServiceAccount,
    by: Principal,
  ): Promise<SecretOfAccount>;
  change(
    organization: AuthorizedOrganization,
    id: number,
    change: ServiceAccountChange,
    by: Principal,
  ): Promise<ServiceAccountView>;
  /** A new secret; the old one is no longer good. */
  rotate(organization: AuthorizedOrganization, id: number, by: Principal): Promise<SecretOfAccount>;
  remove(organization: AuthorizedOrganization, id: number, by: Principal): Promise<void>;
  /** An account that opens every project keeps doing so, with this role in these. */
  addToProjects(
    organization: AuthorizedOrganization,
    added: AccountsOfProjects,
    by: Principal,
  ): Promise<void>;
  /** An account that opened every project opens only those from then on that there are now, without these. */
  removeFromProjects(
    organization: AuthorizedOrganization,
    removed: { readonly accounts: readonly number[]; readonly projects: readonly number[] },
    by: Principal,
  ): Promise<void>;
}
