import type { UserConditionInput, UsersRequestInput } from '@arbor/schema/query';

/** As many users as one request may name (`query-api.md` 14). */
export const chosenMax = 2000;

/** Users who were chosen from the rows, in the order in which they were. */
export type Chosen = ReadonlySet<string>;

export const nobody: Chosen = new Set();

/** With all of these or without them; who would be more than can be chosen stays out. */
export function withUsers(chosen: Chosen, users: readonly string[], isChosen: boolean): Chosen {
  if (isChosen) return new Set([...chosen, ...users].slice(0, chosenMax));
  const out = new Set(users);
  return new Set([...chosen].filter((user) => !out.has(user)));
}

/** The list with these users alone, whatever else was asked for. */
export function onlyUsers(request: UsersRequestInput, chosen: Chosen): UsersRequestInput {
  const { columns, sort } = request;
  const filters: UserConditionInput[] = [
    {
      type: 'property',
      property: { scope: 'person', name: '$distinct_id' },
      operator: 'equals',
      values: [...chosen],
    },
  ];
  return { columns, sort, filters };
}

/** Members of a cohort as they are uploaded. */
export function membersFile(chosen: Chosen): string {
  return ['distinct_id', ...[...chosen].map(csvCell), ''].join('\n');
}

function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
