export interface Tag {
  readonly id: number;
  readonly name: string;
}

/** What happened at a moment, as people note it beside their charts. */
export interface Annotation {
  readonly id: number;
  readonly projectId: number;
  /** On the clock of the project: `YYYY-MM-DD HH:MM:SS`. */
  readonly date: string;
  readonly description: string;
  /** In words. */
  readonly createdBy: string;
  readonly tags: readonly Tag[];
}

/** Every change is in the audit log, with who made it. Throws ApiError NOT_FOUND for what the project does not have. */
export interface Annotations {
  /** By date. `to` is inclusive: dates begin with it. */
  list(
    projectId: number,
    range: { readonly from?: string | undefined; readonly to?: string | undefined },
  ): Promise<Annotation[]>;
  get(projectId: number, id: number): Promise<Annotation>;
  create(
    projectId: number,
    annotation: {
      readonly date: string;
      readonly description: string;
      readonly tags: readonly number[];
    },
    actor: string,
  ): Promise<Annotation>;
  /** What is left out stays. */
  change(
    projectId: number,
    id: number,
    change: {
      readonly date?: string;
      readonly description?: string;
      readonly tags?: readonly number[];
    },
    actor: string,
  ): Promise<Annotation>;
  remove(projectId: number, id: number, actor: string): Promise<void>;
  /** Those in use, by name. */
  tags(projectId: number): Promise<Tag[]>;
  /** The tag of that name, made where there is none. */
  tag(projectId: number, name: string): Promise<Tag>;
}
