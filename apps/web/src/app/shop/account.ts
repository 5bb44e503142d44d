/** Who is signed in to the demo shop. Kept in this browser only; there is no server behind the shop. */
export interface Account {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
}

const key = 'arbor-shop-account';

const listeners = new Set<() => void>();
/** Undefined until storage was read. */
let current: Account | null | undefined;

export function readAccount(): Account | null {
  if (current === undefined) current = stored();
  return current;
}

export function keepAccount(account: Account | null): void {
  current = account;
  try {
    if (account === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(account));
  } catch {
    // The account lasts as long as the page.
  }
  for (const listener of listeners) listener();
}

/** Calls back after each change; returns what ends that. */
export function subscribeAccount(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Storage may be denied or damaged: then nobody is signed in. */
function stored(): Account | null {
  try {
    const { userId, name, email } = JSON.parse(
      localStorage.getItem(key) ?? '{}',
    ) as Partial<Account>;
    return userId && name && email ? { userId, name, email } : null;
  } catch {
    return null;
  }
}

/** A new one for each sign-up: the shop knows people by number, not by address. */
export function createUserId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(5));
  return `shopper-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
