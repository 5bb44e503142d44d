import type { ChangeProject } from './change-project.ts';

/** What the API knows of a project. Never holds a secret. */
export interface ProjectRecord {
  readonly id: number;
  readonly organizationId: number;
  readonly organization: string;
  readonly name: string;
  readonly token: string;
  readonly timezone: string;
  /** 1 = Monday … 7 = Sunday. */
  readonly weekStart: number;
  /** The month in which a quarter starts. */
  readonly quarterStart: number;
  /** Pages that may send, as `https://shop.example` or `https://*.shop.example`; none = all. */
  readonly allowedOrigins: readonly string[];
  readonly spread: number;
  readonly isDemo: boolean;
  /** Raised by every change of what the project defines. */
  readonly definitionsVersion: number;
}

/** Projects as the API reads and makes them. */
export interface ProjectStore {
  byId(id: number): Promise<ProjectRecord | null>;
  byToken(token: string): Promise<ProjectRecord | null>;
  /** Those of the organisations, and the demo if it is asked for; by name. */
  list(organizationIds: readonly number[], demo: boolean): Promise<ProjectRecord[]>;
  /** Names of organisations, by name. */
  organizations(ids: readonly number[]): Promise<{ readonly id: number; readonly name: string }[]>;
  /** Whether other organisations have projects here too; the demo's does not count. */
  hasOthers(organizationId: number): Promise<boolean>;
  /** Answers the secret once; it is stored as a hash. */
  create(project: NewProject): Promise<{ project: ProjectRecord; secret: string }>;
  /** Written down with what was before (`audit`), in one transaction. Null = there is no such project. */
  change(id: number, change: ChangeProject, actor: string): Promise<ProjectRecord | null>;
  /** A new secret, told only here; the old one is no longer good. Null = there is no such project. */
  rotateSecret(id: number, actor: string): Promise<string | null>;
}

export interface NewProject {
  readonly organizationId: number;
  readonly name: string;
  readonly timezone: string;
  readonly weekStart: number;
  readonly quarterStart: number;
}
