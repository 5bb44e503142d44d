import type { Person } from './person.ts';
import type { DemoPerson } from './record.ts';
import type { Memory } from './visit.ts';

const tiers = [
  { name: 'Gold', orders: 6 },
  { name: 'Silver', orders: 3 },
  { name: 'Bronze', orders: 0 },
] as const;

/**
 * A person's profile as the shop's server would write it after a day. It holds totals (`$set`), never
 * increments, so that a repeated or resumed load leaves the same profile.
 */
export function profileOf(
  person: Person,
  memory: Memory,
  update: { time: number; createdAt?: number | undefined },
): DemoPerson {
  const { place } = person;
  return {
    $distinct_id: profileId(person),
    $time: update.time,
    $set: {
      $name: person.name,
      $email: person.email,
      $country_code: place.country,
      $city: place.city,
      $region: place.region,
      $timezone: place.timezone,
      language: place.language,
      plan: person.plan,
      newsletter: person.newsletter,
      loyalty_tier: (tiers.find(({ orders }) => memory.orders >= orders) ?? tiers[2]).name,
      orders: memory.orders,
      total_spent: memory.spent,
    },
    $set_once: {
      acquisition_channel: person.channel.name,
      ...(update.createdAt === undefined
        ? {}
        : { $created: new Date(update.createdAt).toISOString().slice(0, 19) }),
    },
  };
}

/**
 * Whoever came as a stranger is addressed by the first device. `/engage` and `/import` are two queues,
 * and a profile may overtake the event that ties the account to the device: under the user id it
 * would then found a second user beside the stranger, under the device id it meets the first.
 */
export function profileId(person: Person): string {
  return person.existing ? person.userId : `$device:${person.devices[0]?.id ?? ''}`;
}
