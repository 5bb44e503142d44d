/** Query parameters that hold what nobody else should know. */
const secret =
  /^(\w*(token|key|secret|passw(or)?d)|code|pwd|e?mail|session(_?id)?|sid|auth|signature|jwt)$/i;

export interface Redaction {
  /** Further names of query parameters to cut out. */
  readonly redact?: readonly string[];
  /** Keeps the fragment. */
  readonly hash?: boolean;
}

/** An address without its secrets and, unless asked for, without its fragment: it often holds more of them. */
export function redactUrl(url: string, { redact = [], hash }: Redaction): string {
  return (
    url
      .replace(hash ? /$^/ : /#.*/, '')
      .replace(/([?&#])([^=&#?]*)(=[^&#]*)?/g, (pair, _, name: string) =>
        secret.test(name) || redact.includes(name) ? '' : pair,
      )
      // What was first is gone: the next one opens the query.
      .replace(/^([^?&]*)&/, '$1?')
  );
}

/** Where an event happened; a referrer of the own site is none. */
export function addressProperties(
  url: string,
  referrer: string,
  redaction: Redaction,
): Record<string, unknown> {
  const host = referrer.split('/')[2];
  return {
    $current_url: redactUrl(url, redaction),
    ...(host &&
      host !== url.split('/')[2] && {
        $referrer: redactUrl(referrer, redaction),
        $referring_domain: host,
      }),
  };
}
