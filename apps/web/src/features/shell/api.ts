/** Ends the session at the accounts library behind `/api/auth`; its cookie goes with the answer. */
export async function signOut(): Promise<void> {
  await fetch('/api/auth/sign-out', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
}
