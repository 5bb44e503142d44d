/**
 * The project that ships with the local stack. The API creates it, the demo process fills it, the shop
 * page sends to it, and the tests compare its charts with `truth.ts`.
 */
export const demoProject = {
  id: 1000,
  name: 'Demo shop',
  organization: 'Demo',
  token: 'arbor-demo-shop-token',
  timezone: 'Europe/Berlin',
} as const;

/** Every installation shows the same shop: only the dates move with the day of the first start. */
export const demoSeed = 20_180_601;
