import type { PropertyRef } from '@arbor/schema/query';

/** Properties of page views that nobody sends, worked out of those that clients send (`ux.md` UX-W2). */

const formula = (name: string, expression: string): PropertyRef => ({
  scope: 'event',
  name,
  computed: { type: 'formula', expression },
});

const searchEngines =
  '(^|\\.)(google|bing|duckduckgo|yahoo|ecosia|baidu|yandex|startpage|qwant|brave)\\.';
const socialNetworks =
  '(^|\\.)(facebook|instagram|reddit|linkedin|pinterest|tiktok|youtube|twitter|x|t|threads|bsky|mastodon)\\.(com|co|net|app|social)$';

/** How a campaign calls itself says more than the site that a visitor comes from. */
export const channel: PropertyRef = formula(
  'Channel',
  `ifs(
  regex_match(properties["utm_medium"], "^(cpc|ppc|paid.?search)$"), "Paid search",
  regex_match(properties["utm_medium"], "^(paid.?social|retargeting)$"), "Paid social",
  regex_match(properties["utm_medium"], "^(display|banner|cpm)$"), "Display",
  regex_match(properties["utm_medium"], "^(e.?mail|newsletter)$"), "E-mail",
  regex_match(properties["utm_medium"], "^(affiliates?|referral)$"), "Referral",
  regex_match(properties["$referring_domain"], "${searchEngines}"), "Organic search",
  regex_match(properties["$referring_domain"], "${socialNetworks}"), "Social",
  defined(properties["utm_medium"]), "Other campaigns",
  defined(properties["$referring_domain"]) and properties["$referring_domain"] != "" and properties["$referring_domain"] != "$direct", "Referral",
  true, "Direct")`,
);

/** Classes of widths that pages are laid out for, in CSS pixels. */
export const screenSize: PropertyRef = formula(
  'Screen size',
  `ifs(
  properties["$screen_width"] < 600, "Phone, below 600 px",
  properties["$screen_width"] < 1024, "Tablet, 600 to 1023 px",
  properties["$screen_width"] < 1440, "Laptop, 1024 to 1439 px",
  properties["$screen_width"] >= 1440, "Desktop, 1440 px and more")`,
);
