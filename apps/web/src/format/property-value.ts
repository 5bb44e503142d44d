/** One line of any value: text as it is, everything else as JSON. */
export function valueText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

export type ValueType = 'text' | 'number' | 'boolean' | 'null' | 'list' | 'object';

export function valueType(value: unknown): ValueType {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  const type = typeof value;
  return type === 'number' || type === 'boolean' || type === 'object' ? type : 'text';
}

/** Properties that a client library did not add by itself. */
export function ownProperties<V>(
  properties: Readonly<Record<string, V>>,
): readonly (readonly [name: string, value: V])[] {
  return Object.entries(properties).filter(([name]) => !/^(\$|mp_|utm_)/.test(name));
}
