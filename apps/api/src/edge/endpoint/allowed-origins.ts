/**
 * Whether a page of this origin may send to a project that takes from these alone (`browser-sdk.md` SRV-13). It keeps strangers'
 * pages out, not their programs, which send whatever origin they like: what sends none, a server for instance, may.
 *
 * `allowed` are origins, `https://shop.example`, and those of all hosts below one, `https://*.shop.example`; none = all may.
 */
export function isOriginAllowed(origin: string, allowed: readonly string[]): boolean {
  if (allowed.length === 0 || origin === '') return true;
  const asked = origin.toLowerCase();
  return allowed.some((one) => {
    const [scheme = '', host = ''] = one.toLowerCase().split('//*');
    if (host === '') return asked === one.toLowerCase();
    return (
      asked.startsWith(`${scheme}//`) && asked.endsWith(host) && isHostPart(asked, scheme, host)
    );
  });
}

/** What stands for the star is a name or several, and nothing else of an address. */
const isHostPart = (origin: string, scheme: string, host: string): boolean =>
  /^[\w-]+(\.[\w-]+)*$/.test(origin.slice(scheme.length + 2, origin.length - host.length));
