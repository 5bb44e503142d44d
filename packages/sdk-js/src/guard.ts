import type { Report } from './core.ts';

type Hears = (type: Report, info: { readonly message: string }) => void;

/** Analytics must never break a page: whatever goes wrong inside, at once or later, stays inside. */
export function guardAsync<Arguments extends unknown[]>(
  run: (...given: Arguments) => unknown,
  report?: Hears,
): (...given: Arguments) => Promise<void> {
  return async (...given) => {
    try {
      await run(...given);
    } catch (error) {
      // The page did nothing wrong and could do nothing about it.
      report?.('error', { message: String(error) });
    }
  };
}

/** The same for methods that give something back, of a holder that is changed: nothing when one fails. */
export function harmless<Holder extends object>(holder: Holder): Holder {
  const members = holder as Record<string, unknown>;
  for (const name in members) {
    const member = members[name];
    if (typeof member !== 'function') continue;
    members[name] = (...given: unknown[]): unknown => {
      try {
        return (member as (...all: unknown[]) => unknown)(...given);
      } catch {
        // As above.
        return undefined;
      }
    };
  }
  return holder;
}

/** The same, for what nobody waits for: it begins at once. */
export const guard: <Arguments extends unknown[]>(
  run: (...given: Arguments) => unknown,
  report?: Hears,
) => (...given: Arguments) => void = guardAsync;
