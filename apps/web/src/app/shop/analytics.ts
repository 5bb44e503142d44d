/**
 * How the page talks to the SDK: calls are pushed to `window.arbor`, a plain array until the script has
 * loaded, so nothing waits for it and a blocked script costs nothing.
 */
export type Call =
  | readonly ['track', event: string, properties?: Readonly<Record<string, unknown>>]
  | readonly ['identify', userId: string]
  | readonly ['people.set', properties: Readonly<Record<string, unknown>>]
  | readonly ['register', properties: Readonly<Record<string, unknown>>]
  | readonly ['reset'];

declare global {
  interface Window {
    arbor?: { push(...calls: readonly Call[]): unknown };
  }
}

export function pushCall(call: Call): void {
  window.arbor ??= [];
  window.arbor.push(call);
}

/** One line of the drawer: `track  Added to cart`, and what came with it. */
export function describeCall(call: Call): { method: string; subject: string; details: string } {
  const [method, first, second] = call;
  const subject = typeof first === 'string' ? first : '';
  const properties = typeof first === 'object' ? first : second;
  const details = Object.entries(properties ?? {})
    .map(([name, value]) => `${name}: ${Array.isArray(value) ? value.join(', ') : String(value)}`)
    .join(' · ');
  return { method, subject, details };
}
