/** What the accounts library behind `/api/auth` says when it refuses. */
export type SignInAnswer =
  { readonly type: 'signed_in' } | { readonly type: 'refused'; readonly text: string };

/** Signs in by e-mail and password; the session comes as a cookie with the answer. */
export async function signIn(credentials: {
  readonly email: string;
  readonly password: string;
}): Promise<SignInAnswer> {
  let response: Response;
  try {
    response = await fetch('/api/auth/sign-in/email', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(credentials),
    });
  } catch {
    return { type: 'refused', text: signInTexts.unreachable };
  }
  return response.ok
    ? { type: 'signed_in' }
    : { type: 'refused', text: refusalText(response.status) };
}

export const signInTexts = {
  wrong: 'E-mail address or password is not right.',
  tooMany: 'Too many attempts. Wait a minute, then try again.',
  unreachable: 'The server does not answer. Try again in a moment.',
} as const;

/** Wrong address and wrong password give the same text: who has an account is nobody's business. */
export function refusalText(status: number): string {
  if (status === 429) return signInTexts.tooMany;
  return status >= 500 ? signInTexts.unreachable : signInTexts.wrong;
}
