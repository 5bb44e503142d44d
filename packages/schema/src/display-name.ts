import type { Properties } from './property-value.ts';

/** Properties of persons that decide what a user is called. */
export const displayNameProperties = ['$name', '$first_name', '$last_name', '$email'] as const;

/** What a user is called: `$name`, else `$first_name $last_name`, else `$email`, else the id (reports.md 10). */
export function displayName(user: string, properties: Properties | undefined): string {
  const text = (name: (typeof displayNameProperties)[number]): string => {
    const value = properties?.[name];
    return typeof value === 'string' ? value.trim() : '';
  };
  const whole = `${text('$first_name')} ${text('$last_name')}`.trim();
  return text('$name') || whole || text('$email') || user;
}
