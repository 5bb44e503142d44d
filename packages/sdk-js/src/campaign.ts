/** Campaign and click ids that an address may carry (`browser-sdk.md` 5). */
const campaign =
  /^(utm_\w+|dclid|fbclid|gclid|gbraid|ko_click_id|li_fat_id|msclkid|rdt_cid|sccid|ttclid|twclid|wbraid|epik)$/;
const engine = /(?:^|\.)(google|bing|yahoo|duckduckgo|baidu|yandex|ecosia)\./;
const charactersMax = 255;

/** Campaign and click ids of a query string. */
export function campaignOf(search: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(search)) {
    if (campaign.test(name) && value) found[name] = value.slice(0, charactersMax);
  }
  return found;
}

/** What a device is remembered by: where it came from at first. */
export function firstTouch(
  referrer: string,
  found: Readonly<Record<string, string>>,
): Record<string, string> {
  const host = referrer.split('/')[2];
  const first: Record<string, string> = {
    $initial_referrer: host ? (referrer.split('?')[0] ?? '') : '$direct',
    $initial_referring_domain: host ?? '$direct',
  };
  for (const [name, value] of Object.entries(found)) first[`initial_${name}`] = value;
  return first;
}

/** The search engine a visitor came from, if any. */
export const searchEngineOf = (referrer: string): string | undefined =>
  engine.exec(referrer.split('/')[2] ?? '')?.[1];
