import type { PropertyValue } from '@arbor/schema/property-value';

/** JSON text with the members of every object in the order of their names: equal values, equal text. */
export function canonicalText(value: PropertyValue): string {
  return JSON.stringify(value, (_, member: PropertyValue) => {
    if (member === null || typeof member !== 'object' || Array.isArray(member)) return member;
    const names = Object.keys(member).sort();
    return Object.fromEntries(names.map((name) => [name, (member as MemberMap)[name]]));
  });
}

type MemberMap = { readonly [name: string]: PropertyValue };
