import { identifierLabel } from '#format/identifier.ts';
import { noValue } from '#format/number.ts';
import { valueText } from '#format/property-value.ts';

type Profile = Readonly<Record<string, unknown>>;

/** What a user is called: name, first and last name, e-mail, or the identifier (`reports.md` 10). */
export function nameOfUser(user: string, profile: Profile): string {
  const text = (name: string): string => {
    const value = profile[name];
    return typeof value === 'string' ? value.trim() : '';
  };
  const whole = `${text('$first_name')} ${text('$last_name')}`.trim();
  return (
    [text('$name'), whole, text('$email')].find((name) => name !== '') ?? identifierLabel(user)
  );
}

export function profileText(profile: Profile, name: string): string {
  const value = profile[name];
  return value === undefined || value === null ? noValue : valueText(value);
}
