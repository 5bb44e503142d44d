import type { Properties } from '@arbor/schema/property-value';

/** What a user is called: `$name`, else `$first_name $last_name`, else `$email`, else the id (reports.md 10). */
export function displayName(user: string, properties: Properties | undefined): string {
  const text = (name: string): string => {
    const value = properties?.[name];
    return typeof value === 'string' ? value.trim() : '';
  };
  const whole = `${text('$first_name')} ${text('$last_name')}`.trim();
  return text('$name') || whole || text('$email') || user;
}
