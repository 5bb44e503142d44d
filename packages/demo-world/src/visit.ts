import type { Channel } from './channels.ts';
import type { Device, Person } from './person.ts';
import { distinctIdOf } from './person.ts';
import type { Product } from './products.ts';
import { products, searches } from './products.ts';
import type { DemoEvent, DemoValue } from './record.ts';
import type { Random } from './random.ts';

/** What a person remembers from visit to visit. */
export interface Memory {
  visits: number;
  signedUp: boolean;
  /** Day index of the sign-up; for who had an account before, of the first day. */
  signedUpDay: number;
  /** Bit by device: the device has sent an event with both ids. */
  linkedDevices: number;
  orders: number;
  spent: number;
  cart: readonly Product[];
  /** End of the last visit, ms: the next one begins later. */
  lastTime: number;
}

export function createMemory(person: Person): Memory {
  return {
    visits: 0,
    signedUp: person.existing,
    signedUpDay: 0,
    linkedDevices: 0,
    orders: 0,
    spent: 0,
    cart: [],
    lastTime: 0,
  };
}

export interface Order {
  readonly id: string;
  readonly amount: number;
  readonly time: number;
}

export interface VisitPlan {
  readonly person: Person;
  readonly memory: Memory;
  readonly deviceIndex: number;
  readonly channel: Channel;
  readonly random: Random;
  readonly start: number;
  /** The visit breaks off before this instant. */
  readonly end: number;
  readonly dayIndex: number;
  readonly checkout: 'v1' | 'v2';
  readonly appVersion: string;
  /** Part of a discount week. */
  readonly sale: boolean;
  /** Unique a visit: insert ids are made from it. */
  readonly id: string;
}

export interface VisitOutcome {
  readonly events: readonly DemoEvent[];
  /** The account was opened here, at this instant. */
  readonly signedUpAt: number | undefined;
  readonly order: Order | undefined;
}

type Extra = Readonly<Record<string, DemoValue>>;

/**
 * Share of checkouts that end in an order. The second version of the checkout is what the demo's
 * funnel shows: the step from one to the other is far above the noise of a day.
 */
export const checkoutSuccess = { v1: 0.52, v2: 0.74 } as const;

const paymentMethods = [
  { name: 'Card', weight: 38 },
  { name: 'PayPal', weight: 34 },
  { name: 'Invoice', weight: 16 },
  { name: 'Apple Pay', weight: 8 },
  { name: 'Google Pay', weight: 4 },
] as const;

/** Seconds between two steps: reading, or filling in a form. */
const reading = [5, 70] as const;
const typing = [15, 120] as const;

/**
 * Plays one visit and updates the memory.
 *
 * Invariant: the events of one person are at least 3 s apart, except `$identify`, which comes right
 * before the sign-up or log-in. So no funnel depends on how steps of the same instant are ordered.
 */
export function playVisit(plan: VisitPlan): VisitOutcome {
  return new Visit(plan).play();
}

class Visit {
  readonly #plan: VisitPlan;
  readonly #device: Device;
  readonly #common: Extra;
  readonly #events: DemoEvent[] = [];
  #now: number;
  #over = false;
  #signedUpAt: number | undefined;
  #order: Order | undefined;

  constructor(plan: VisitPlan) {
    this.#plan = plan;
    this.#device = plan.person.devices[plan.deviceIndex] as Device;
    this.#common = {
      ...this.#device.properties,
      ...(this.#inApp() ? { app_version: plan.appVersion } : {}),
      ...plan.channel.properties,
    };
    this.#now = plan.start;
  }

  play(): VisitOutcome {
    const { person, memory, random } = this.#plan;
    this.#arrive();
    if (person.kind === 'bouncer') this.#glance();
    else this.#shop();
    if (memory.cart.length > 0) this.#checkOut();
    if (memory.signedUp && random.chance(0.06)) this.#afterwards();
    memory.visits++;
    memory.lastTime = this.#now;
    return { events: this.#events, signedUpAt: this.#signedUpAt, order: this.#order };
  }

  #inApp(): boolean {
    return this.#device.traits.platform !== 'Web';
  }

  /** Moves the clock by a random number of seconds in [from, to]. */
  #wait([from, to]: readonly [number, number]): void {
    this.#now += Math.round((from + this.#plan.random.next() * (to - from)) * 1000);
  }

  /** Sends nothing once the visit's end has come: the person closed the window. */
  #track(event: string, extra: Extra = {}): boolean {
    const { person, memory, id } = this.#plan;
    if (this.#over || this.#now >= this.#plan.end) {
      this.#over = true;
      return false;
    }
    this.#events.push({
      event,
      properties: {
        time: this.#now,
        distinct_id: distinctIdOf(person, this.#device, memory.signedUp),
        $insert_id: `${id}-${this.#events.length.toString(36)}`,
        $device_id: this.#device.id,
        ...(memory.signedUp ? { $user_id: person.userId } : {}),
        ...this.#common,
        ...extra,
      },
    });
    return true;
  }

  /** Events of a page carry its address; an app has none. */
  #view(page: string, path: string): void {
    if (this.#inApp()) this.#track('Screen viewed', { screen: page });
    else this.#track('Page viewed', { page, $current_url: `https://shop.example.com${path}` });
  }

  #arrive(): void {
    const { memory, deviceIndex, random } = this.#plan;
    const known = (memory.linkedDevices & (1 << deviceIndex)) !== 0;
    // A second device speaks for the first time by logging in: it never has a history of its own
    // that would have to be moved to the user.
    if (memory.signedUp && deviceIndex > 0 && !known) this.#logIn();
    if (this.#inApp()) this.#track('App opened', { cold_start: random.chance(0.7) });
    else this.#view('Home', '/');
    if (memory.signedUp && (deviceIndex === 0 || known) && random.chance(0.16)) {
      this.#wait([4, 20]);
      this.#logIn();
    }
    if (memory.signedUp) memory.linkedDevices |= 1 << deviceIndex;
  }

  #logIn(): void {
    const method = this.#inApp() ? 'Face or fingerprint' : 'Password';
    this.#track('Logged in', { method });
    this.#wait([3, 8]);
  }

  #glance(): void {
    const { random } = this.#plan;
    for (let looks = random.below(3); looks > 0; looks--) {
      this.#wait(reading);
      this.#viewProduct(random.weighted(products));
    }
  }

  #shop(): void {
    const { person, memory, random } = this.#plan;
    const signUpNow = !memory.signedUp && memory.visits >= person.signUpVisit;
    const rounds = 1 + Math.floor(random.exponential(1.1));
    for (let round = 0; round < rounds && !this.#over; round++) {
      this.#wait(reading);
      this.#browse();
      for (let looks = random.between(1, 3); looks > 0; looks--) {
        this.#wait(reading);
        const product = random.weighted(products);
        this.#viewProduct(product);
        if (random.chance(0.17 * person.appetite)) this.#addToCart(product);
      }
      if (signUpNow && round === 0) this.#signUp();
    }
    if (person.newsletter && signUpNow && memory.signedUp) {
      this.#wait(reading);
      this.#track('Newsletter subscribed', { placement: random.pick(['footer', 'pop-up']) });
    }
  }

  #browse(): void {
    const { random } = this.#plan;
    if (random.chance(0.38)) {
      const { query, results } = random.pick(searches);
      this.#track('Search performed', { query, results });
    } else {
      const { category } = random.pick(products);
      this.#view(category, `/c/${category.toLowerCase()}`);
    }
  }

  #viewProduct(product: Product): void {
    this.#track('Product viewed', describe(product));
  }

  #addToCart(product: Product): void {
    const { memory } = this.#plan;
    this.#wait([4, 30]);
    if (this.#track('Added to cart', { ...describe(product), quantity: 1 })) {
      memory.cart = [...memory.cart, product].slice(-6);
    }
  }

  #signUp(): void {
    const { person, memory, dayIndex, deviceIndex, random } = this.#plan;
    this.#wait(typing);
    if (this.#now + 1000 >= this.#plan.end) return;
    memory.signedUp = true;
    memory.signedUpDay = dayIndex;
    memory.linkedDevices |= 1 << deviceIndex;
    this.#signedUpAt = this.#now;
    this.#track('$identify', {
      $identified_id: person.userId,
      $anon_id: `$device:${this.#device.id}`,
    });
    this.#now += 40;
    this.#track('Signed up', { method: random.chance(0.7) ? 'E-mail' : 'Apple or Google' });
  }

  #checkOut(): void {
    const { person, memory, random, checkout } = this.#plan;
    // Guests hesitate; a cart that is left stays for the next visit.
    if (this.#over || !random.chance((memory.signedUp ? 0.62 : 0.3) * person.appetite)) return;
    this.#wait(typing);
    const value = round(memory.cart.reduce((sum, { price }) => sum + price, 0));
    const items = memory.cart.length;
    const facts = { items, currency: 'EUR', checkout_version: checkout };
    if (!this.#track('Checkout started', { ...facts, cart_value: value })) return;
    this.#wait(checkout === 'v1' ? [60, 260] : [30, 120]);
    if (random.chance(checkoutSuccess[checkout])) this.#complete(value, facts);
    else if (random.chance(0.25)) {
      this.#track('Payment failed', { ...facts, reason: random.pick(['declined', 'time-out']) });
    }
  }

  #complete(value: number, facts: Extra): void {
    const { person, memory, random, sale, id } = this.#plan;
    const coupon = sale && random.chance(0.5) ? 'BIRTHDAY15' : undefined;
    const amount = round(value * (coupon === undefined ? 1 : 0.85));
    const orderId = `A-${id.toUpperCase()}`;
    const done = this.#track('Order completed', {
      ...facts,
      order_id: orderId,
      amount,
      payment_method: random.weighted(paymentMethods).name,
      shipping: random.chance(0.8) ? 'Standard' : 'Express',
      products: memory.cart.map(({ name }) => name),
      first_order: memory.orders === 0 && !person.existing,
      ...(coupon === undefined ? {} : { coupon }),
    });
    if (!done) return;
    this.#order = { id: orderId, amount, time: this.#now };
    memory.orders++;
    memory.spent = round(memory.spent + amount);
    memory.cart = [];
  }

  /** What loyal people do besides buying. */
  #afterwards(): void {
    const { memory, random } = this.#plan;
    this.#wait(typing);
    if (memory.orders > 0 && random.chance(0.6)) {
      const product = random.weighted(products);
      const rating = random.weighted(ratings).stars;
      this.#track('Review written', { product: product.name, category: product.category, rating });
    } else {
      this.#track('Support contacted', {
        topic: random.pick(['Delivery', 'Return', 'Product question', 'Payment']),
        by: random.pick(['Chat', 'E-mail', 'Phone']),
      });
    }
  }
}

const ratings = [
  { stars: 5, weight: 50 },
  { stars: 4, weight: 27 },
  { stars: 3, weight: 12 },
  { stars: 2, weight: 6 },
  { stars: 1, weight: 5 },
] as const;

function describe(product: Product): Extra {
  const { id, name, category, brand, price } = product;
  return { product_id: id, product: name, category, brand, price };
}

/** To cents. */
function round(amount: number): number {
  return Math.round(amount * 100) / 100;
}
