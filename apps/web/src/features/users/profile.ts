import type { Properties, PropertyValue } from '@arbor/schema/property-value';
import type { UserProfile } from '@arbor/schema/users-result';
import { propertyLabel } from '#format/property-name.ts';
import { ownProperties, valueText, valueType, type ValueType } from '#format/property-value.ts';

/** "AL" for Ada Lovelace, "A" for ada@example.com, "?" where nothing can be read. */
export function initials(name: string): string {
  const words = name
    .replace(/@.*$/, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
  const [first = '?'] = words;
  const last = words.length > 1 ? (words.at(-1) ?? '') : '';
  return [first, last]
    .map((word) => Array.from(word)[0] ?? '')
    .join('')
    .toUpperCase();
}

export type PropertyLine = {
  readonly name: string;
  readonly label: string;
  readonly value: unknown;
  readonly type: ValueType;
};

/** The properties of a profile by name, the customer's own first; `search` in name or value, ignoring case. */
export function propertyLines(
  properties: NonNullable<UserProfile['properties']>,
  search: string,
): readonly PropertyLine[] {
  const own = new Set(ownProperties(properties).map(([name]) => name));
  const wanted = search.trim().toLowerCase();
  return Object.entries(properties)
    .map(([name, value]) => ({
      name,
      label: propertyLabel(name),
      value,
      type: valueType(value),
    }))
    .filter(({ name, label, value }) =>
      [name, label, valueText(value)].some((text) => text.toLowerCase().includes(wanted)),
    )
    .toSorted(
      (a, b) => Number(own.has(b.name)) - Number(own.has(a.name)) || (a.name < b.name ? -1 : 1),
    );
}

/** "Berlin, DE". */
export function placeOf(properties: UserProfile['properties']): string {
  return textsOf(properties, ['$city', '$region', '$country_code', 'mp_country_code'])
    .filter((text, at, all) => all.indexOf(text) === at)
    .join(', ');
}

/** Where the user came from at first: referrer and campaign, as far as the profile tells. */
export function originOf(
  properties: UserProfile['properties'],
): readonly { readonly label: string; readonly text: string }[] {
  const known = [
    { label: 'First referrer', names: ['$initial_referring_domain', '$initial_referrer'] },
    { label: 'Source', names: ['initial_utm_source', 'utm_source'] },
    { label: 'Medium', names: ['initial_utm_medium', 'utm_medium'] },
    { label: 'Campaign', names: ['initial_utm_campaign', 'utm_campaign'] },
  ];
  return known.flatMap(({ label, names }) => {
    const [text] = textsOf(properties, names);
    return text === undefined ? [] : [{ label, text }];
  });
}

/** "Chrome, Windows, Pixel 8": what is known of a device. */
export function deviceText({ browser, os, device }: UserProfile['devices'][number]): string {
  return [browser, os, device].filter((part) => part !== null && part !== '').join(', ');
}

function textsOf(properties: UserProfile['properties'], names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const value = properties?.[name];
    return typeof value === 'string' && value !== '' ? [value] : [];
  });
}

/** What a person may write; lists and objects are changed by code alone. */
export const editableTypes = ['text', 'number', 'boolean'] as const;
export type EditableType = (typeof editableTypes)[number];

export function isEditable(type: ValueType): boolean {
  return type !== 'list' && type !== 'object';
}

export type ReadValue = { readonly value: PropertyValue } | { readonly problem: string };

/** What was typed, as a value of the type. */
export function readValue(text: string, type: EditableType): ReadValue {
  switch (type) {
    case 'text':
      return { value: text };
    case 'boolean':
      return { value: text === 'true' };
    case 'number': {
      const value = Number(text);
      const fine = text.trim() !== '' && Number.isFinite(value);
      return fine ? { value } : { problem: `"${text}" is not a number` };
    }
  }
}

export type ProfileEdit =
  | { readonly operator: '$set'; readonly values: Properties }
  | { readonly operator: '$unset'; readonly names: string[] }
  | { readonly operator: '$delete' };

/** The properties once an edit was carried out: shown until the server tells them itself. */
export function withEdit(
  properties: UserProfile['properties'],
  edit: ProfileEdit,
): UserProfile['properties'] {
  switch (edit.operator) {
    case '$set':
      return { ...properties, ...edit.values };
    case '$unset':
      return Object.fromEntries(
        Object.entries(properties ?? {}).filter(([name]) => !edit.names.includes(name)),
      );
    case '$delete':
      return null;
  }
}
