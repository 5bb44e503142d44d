const anonymousId =
  /^\$device:|^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** Made by a device, not by the customer: it tells a person nothing. */
export function isAnonymousId(id: string): boolean {
  return anonymousId.test(id);
}

/** "Anonymous 2b95c6b7" for what a device made up, any other identifier as it is. */
export function identifierLabel(id: string): string {
  return isAnonymousId(id) ? `Anonymous ${id.replace(/^\$device:/, '').slice(0, 8)}` : id;
}
