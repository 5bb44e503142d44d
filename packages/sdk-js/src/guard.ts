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

/** The same, for what nobody waits for: it begins at once. */
export const guard: <Arguments extends unknown[]>(
  run: (...given: Arguments) => unknown,
  report?: Hears,
) => (...given: Arguments) => void = guardAsync;
