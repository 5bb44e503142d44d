/** No client names a property so. */
const prefix = '\u0000doer:';

/**
 * Where groups are counted, the properties of whoever did an event are read as properties of the event, under such a
 * name: a group has many users.
 */
export function doerProperty(name: string): string {
  return prefix + name;
}

/** The property of persons that such a name is of; null = it is none. */
export function nameOfDoers(name: string): string | null {
  return name.startsWith(prefix) ? name.slice(prefix.length) : null;
}
