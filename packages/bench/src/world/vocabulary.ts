/**
 * What the generated shop is made of. Codes in the day files are positions in these lists, and answers
 * depend on them: append, never reorder.
 */
export const events = [
  'page_view',
  'view_item',
  'search',
  'add_to_cart',
  'checkout',
  'purchase',
  'signup',
  'login',
  'logout',
  'app_open',
  'share',
  'support_click',
] as const;

export const systems = ['Windows', 'iOS', 'Android', 'Mac OS X', 'Linux', 'Chrome OS'] as const;

export const browsers = [
  ['Chrome', 'Safari', 'Edge', 'Firefox'],
  ['Samsung Internet', 'Opera', 'Brave', 'DuckDuckGo'],
].flat();

export const countries = (
  'US IN GB DE BR FR CA JP AU ES MX IT NL KR PL TR ID SE CH BE ' +
  'AR NO DK AT FI PT IE CZ IL SG ZA NZ GR RO HU CL CO PH TH VN'
).split(' ');

export const plans = ['free', 'basic', 'pro', 'enterprise'] as const;

const digits = (value: number, width: number): string => String(value).padStart(width, '0');

export const items = Array.from({ length: 5000 }, (_, i) => `item-${digits(i, 4)}`);

export const referrers = Array.from({ length: 300 }, (_, i) => {
  if (i === 0) return '$direct';
  if (i < 20) return `https://www.search${i}.example/`;
  return `https://ref${digits(i, 3)}.example.net/${((i * 2_654_435_761) >>> 0).toString(36)}`;
});

/** Pages of items (three addresses each), then all other pages. */
export const firstOtherUrl = 15_000;
export const urls = Array.from({ length: 20_000 }, (_, i) => {
  if (i < firstOtherUrl) {
    const variant = ['', '?v=2', '?ref=promo'][i % 3] ?? '';
    return `https://shop.example.com/p/item-${digits(Math.floor(i / 3), 4)}${variant}`;
  }
  const word = (Math.imul(i, 2_654_435_761) >>> 0).toString(36);
  return `https://shop.example.com/c/${word}/${i - firstOtherUrl}`;
});

/** The data covers these days, in UTC. Day 0 is a Thursday. */
export const firstDayMs = Date.UTC(2026, 0, 1);
export const dayCount = 90;
export const dayMs = 86_400_000;
