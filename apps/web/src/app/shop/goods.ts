/** What the page sells: a few of the demo world's products, so that its charts know them. */
export interface Good {
  readonly id: string;
  readonly name: string;
  readonly category: string;
  readonly brand: string;
  /** In euro. */
  readonly price: number;
  readonly line: string;
}

export const goods: readonly Good[] = [
  {
    id: 'P-101',
    name: 'House espresso 1 kg',
    category: 'Coffee',
    brand: 'Nordlicht',
    price: 18.9,
    line: 'Dark, round, a little cocoa. Roasted on Tuesdays.',
  },
  {
    id: 'P-104',
    name: 'Pour-over set',
    category: 'Coffee',
    brand: 'Tally',
    price: 39,
    line: 'Glass carafe and dripper for two slow cups.',
  },
  {
    id: 'P-202',
    name: 'Chef knife',
    category: 'Kitchen',
    brand: 'Kante',
    price: 79,
    line: 'Twenty centimetres, walnut handle, takes an edge.',
  },
  {
    id: 'P-205',
    name: 'Stoneware bowl',
    category: 'Kitchen',
    brand: 'Klar',
    price: 14.9,
    line: 'Glazed by hand, so no two are quite alike.',
  },
  {
    id: 'P-301',
    name: 'Wool blanket',
    category: 'Home',
    brand: 'Fjordholm',
    price: 119,
    line: 'Lambswool, undyed stripes, big enough to share.',
  },
  {
    id: 'P-304',
    name: 'Candle cedar',
    category: 'Home',
    brand: 'Fjordholm',
    price: 19.5,
    line: 'Forty hours of a forest after rain.',
  },
  {
    id: 'P-401',
    name: 'Rucksack 22 l',
    category: 'Outdoor',
    brand: 'Wegweiser',
    price: 95,
    line: 'Waxed canvas. Weekday laptop, weekend lunch.',
  },
  {
    id: 'P-402',
    name: 'Bottle 0.75 l',
    category: 'Outdoor',
    brand: 'Wegweiser',
    price: 26,
    line: 'Steel, one screw cap, nothing to lose.',
  },
];

const euro = new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' });

export function formatPrice(amount: number): string {
  return euro.format(amount);
}
