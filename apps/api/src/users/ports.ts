import type { PersonOperation } from '@arbor/schema/ingest';
import type { Properties } from '@arbor/schema/property-value';
import type { ActivityRequest, UsersRequestInput } from '@arbor/schema/query';
import type {
  Activity,
  PeopleImport,
  UserCohorts,
  UserProfile,
  UsersResult,
} from '@arbor/schema/users-result';
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

/** Throws, where nothing else is said, ApiError NOT_FOUND for an identifier that nobody has, with identifiers that begin alike. */
export interface UsersService extends UserLists {
  profile(request: UserRequest): Promise<UserProfile>;
  /** Identifiers that begin as this one does, as far as any do: what somebody who mistyped may have meant. */
  near(request: Omit<UserRequest, 'signal'>): Promise<string[]>;
  /** Canonical ids by identifier; identifiers that nobody has are left out. */
  canonical(
    project: AuthorizedProject,
    identifiers: readonly string[],
  ): Promise<ReadonlyMap<string, string>>;
  /** What is said of users, by canonical id; those without a profile are left out. */
  profiles(request: {
    readonly project: AuthorizedProject;
    readonly users: readonly string[];
    /** Of groups instead, each named as `groupUser` says. */
    readonly groups?: boolean;
    readonly signal: AbortSignal;
  }): Promise<ReadonlyMap<string, Properties>>;
  /** Saved cohorts that he is in now: a query each, of which `charge` is told those beyond the first. */
  cohorts(
    request: UserRequest & { readonly charge: (requests: number) => void },
  ): Promise<UserCohorts>;
  activity(request: UserRequest & { readonly activity: ActivityRequest }): Promise<Activity>;
  /**
   * Resolves once the change is durable; it is seen a moment later, like everything that is sent. Written down in the
   * audit log with what was there before.
   */
  edit(
    request: UserRequest & { readonly edits: readonly ProfileEdit[]; readonly by: Principal },
  ): Promise<void>;
  /**
   * Sets properties of many people from a CSV file. Resolves once all of it is durable; it is seen a moment later.
   * Throws ApiError INVALID_REQUEST for what is no such file, when rows before may have been taken.
   */
  importPeople(request: PeopleImportRequest): Promise<PeopleImport>;
}

/** Which users of a project, in which order. */
export interface UsersRequest {
  readonly project: AuthorizedProject;
  readonly users: UsersRequestInput;
  readonly signal: AbortSignal;
}

export interface UserLists {
  /** A page. A search also finds who has any identifier with the text. */
  list(request: UsersRequest): Promise<UsersResult>;
  /** A CSV file of all of them, page by page, in the order of their ids. */
  export(request: UsersRequest): AsyncGenerator<string>;
}

export interface PeopleImportRequest {
  readonly project: AuthorizedProject;
  /** What the columns of the file are called, "" = not wanted; undefined = its first line says so. */
  readonly columns: readonly string[] | undefined;
  readonly csv: AsyncIterable<Uint8Array>;
  readonly by: Principal;
  readonly signal: AbortSignal;
}
