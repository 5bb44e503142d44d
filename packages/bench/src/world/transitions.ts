import { events } from './vocabulary.ts';

type EventName = (typeof events)[number];

/** Which event follows: the first whose bound is above a draw in [0, 1); none = the session ends. */
type Choice = readonly (readonly [bound: number, next: EventName])[];

const codeOf = (name: EventName): number => events.indexOf(name);

const afterArrival: Choice = [
  [0.62, 'page_view'],
  [0.78, 'search'],
  [0.88, 'view_item'],
];
const afterAside: Choice = [[0.65, 'page_view']];

/** A session is a Markov chain; buyers go on to the cart, the checkout and the purchase more often. */
function choices(isBuyer: boolean): Record<EventName, Choice | null> {
  const toCart = isBuyer ? 0.48 : 0.24;
  const toCheckout = isBuyer ? 0.58 : 0.32;
  const toPurchase = isBuyer ? 0.78 : 0.55;
  return {
    page_view: [
      [0.44, 'page_view'],
      [0.72, 'view_item'],
      [0.86, 'search'],
      [0.875, 'share'],
      [0.892, 'support_click'],
    ],
    view_item: [
      [toCart, 'add_to_cart'],
      [toCart + 0.26, 'page_view'],
      [toCart + 0.37, 'view_item'],
      [toCart + 0.41, 'search'],
      [toCart + 0.45, 'share'],
    ],
    search: [
      [0.5, 'view_item'],
      [0.84, 'page_view'],
      [0.93, 'search'],
    ],
    add_to_cart: [
      [toCheckout, 'checkout'],
      [toCheckout + 0.25, 'page_view'],
      [toCheckout + 0.35, 'view_item'],
    ],
    checkout: [
      [toPurchase, 'purchase'],
      [toPurchase + 0.12, 'page_view'],
    ],
    purchase: [[0.45, 'page_view']],
    signup: afterArrival,
    login: afterArrival,
    app_open: afterArrival,
    share: afterAside,
    support_click: afterAside,
    logout: null,
  };
}

export const draws = 1024;
/** The session ends, unless its user logs out first. */
export const sessionEnds = 254;
/** Nothing comes after a log-out. */
export const sessionIsOver = 255;

/** By draw (0 … 1023) + 1024 × (event + events × isBuyer): the code of what follows. */
export const nextEvent: Uint8Array = Uint8Array.from(
  [false, true].flatMap((isBuyer) => {
    const table = choices(isBuyer);
    return events.flatMap((event) => rowOf(table[event]));
  }),
);

function rowOf(choice: Choice | null): number[] {
  return Array.from({ length: draws }, (_, draw) => {
    if (choice === null) return sessionIsOver;
    const next = choice.find(([bound]) => draw / draws < bound)?.[1];
    return next === undefined ? sessionEnds : codeOf(next);
  });
}
