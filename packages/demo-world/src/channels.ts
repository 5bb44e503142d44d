import type { DemoValue } from './record.ts';

/** How a visit came about, and what its events carry because of it. */
export interface Channel {
  readonly name: string;
  readonly properties: Readonly<Record<string, DemoValue>>;
  readonly weight: number;
}

function campaign(source: string, medium: string, name: string): Record<string, DemoValue> {
  return { utm_source: source, utm_medium: medium, utm_campaign: name };
}

/** First visits. */
export const acquisitionChannels: readonly Channel[] = [
  { name: 'Direct', properties: {}, weight: 27 },
  { name: 'Organic search', properties: referrer('www.google.com'), weight: 26 },
  { name: 'Organic search', properties: referrer('duckduckgo.com'), weight: 4 },
  {
    name: 'Paid search',
    properties: { ...referrer('www.google.com'), ...campaign('google', 'cpc', 'brand') },
    weight: 9,
  },
  {
    name: 'Paid search',
    properties: { ...referrer('www.google.com'), ...campaign('google', 'cpc', 'coffee') },
    weight: 8,
  },
  {
    name: 'Paid social',
    properties: {
      ...referrer('www.instagram.com'),
      ...campaign('instagram', 'paid-social', 'autumn-home'),
    },
    weight: 13,
  },
  {
    name: 'Referral',
    properties: { ...referrer('blog.example.org'), ...campaign('blog', 'affiliate', 'gift-guide') },
    weight: 8,
  },
  { name: 'Social', properties: referrer('www.reddit.com'), weight: 5 },
];

/** Later visits of people who know the shop. */
export const returningChannels: readonly Channel[] = [
  { name: 'Direct', properties: {}, weight: 62 },
  { name: 'Organic search', properties: referrer('www.google.com'), weight: 18 },
  {
    name: 'Newsletter',
    properties: campaign('newsletter', 'email', 'weekly'),
    weight: 15,
  },
  {
    name: 'Retargeting',
    properties: {
      ...referrer('www.instagram.com'),
      ...campaign('instagram', 'retargeting', 'cart'),
    },
    weight: 5,
  },
];

/** The shop's birthday week: a discount code, and more visitors than the trend would bring. */
export const saleChannel: Channel = {
  name: 'Newsletter',
  properties: campaign('newsletter', 'email', 'birthday-week'),
  weight: 1,
};

function referrer(domain: string): Record<string, DemoValue> {
  return { $referrer: `https://${domain}/`, $referring_domain: domain };
}
