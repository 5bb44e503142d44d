/** What the demo shop sells. Invented goods and brands. */
export interface Product {
  readonly id: string;
  readonly name: string;
  readonly category: string;
  readonly brand: string;
  /** In euro. */
  readonly price: number;
  /** How often it is looked at, beside the others. */
  readonly weight: number;
}

type Row = readonly [name: string, brand: string, price: number, weight: number];

const shelves: Readonly<Record<string, readonly Row[]>> = {
  Coffee: [
    ['House espresso 1 kg', 'Nordlicht', 18.9, 9],
    ['Filter roast 500 g', 'Nordlicht', 11.5, 6],
    ['Decaf 500 g', 'Nordlicht', 12.9, 2],
    ['Pour-over set', 'Tally', 39, 4],
    ['Hand grinder', 'Tally', 89, 5],
    ['Espresso machine', 'Vapora', 449, 3],
  ],
  Kitchen: [
    ['Cast-iron pan 28 cm', 'Hearthside', 64.9, 5],
    ['Chef knife', 'Kante', 79, 6],
    ['Cutting board oak', 'Hearthside', 34.5, 3],
    ['Set of six glasses', 'Klar', 27, 4],
    ['Stoneware bowl', 'Klar', 14.9, 5],
    ['Apron', 'Hearthside', 24, 2],
  ],
  Home: [
    ['Wool blanket', 'Fjordholm', 119, 6],
    ['Linen bedding', 'Fjordholm', 139, 5],
    ['Table lamp', 'Lumen & Co', 69, 5],
    ['Candle cedar', 'Fjordholm', 19.5, 7],
    ['Wall clock', 'Lumen & Co', 49, 2],
    ['Plant pot 20 cm', 'Klar', 22, 5],
  ],
  Outdoor: [
    ['Rucksack 22 l', 'Wegweiser', 95, 7],
    ['Bottle 0.75 l', 'Wegweiser', 26, 8],
    ['Two-person tent', 'Wegweiser', 289, 3],
    ['Head torch', 'Lumen & Co', 39.9, 4],
    ['Sleeping mat', 'Wegweiser', 75, 3],
    ['Rain jacket', 'Fjordholm', 149, 6],
  ],
  Clothing: [
    ['T-shirt organic', 'Faden', 29, 9],
    ['Merino jumper', 'Faden', 99, 7],
    ['Socks, three pairs', 'Faden', 18, 6],
    ['Denim jacket', 'Faden', 119, 4],
    ['Beanie', 'Faden', 25, 4],
    ['Canvas shoes', 'Faden', 69, 8],
  ],
  Books: [
    ['Bread at home', 'Tintenhaus', 28, 3],
    ['A year in the garden', 'Tintenhaus', 32, 3],
    ['Knots for everyone', 'Tintenhaus', 16.9, 2],
    ['Notebook dotted', 'Tintenhaus', 12.5, 6],
    ['Desk calendar', 'Tintenhaus', 15, 2],
    ['Fountain pen', 'Tintenhaus', 45, 3],
  ],
};

export const products: readonly Product[] = Object.entries(shelves).flatMap(
  ([category, rows], shelf) =>
    rows.map(([name, brand, price, weight], row) => ({
      id: `P-${shelf + 1}${String(row + 1).padStart(2, '0')}`,
      name,
      category,
      brand,
      price,
      weight,
    })),
);

/** Typed into the search field; the last ones find nothing. */
export const searches: readonly { readonly query: string; readonly results: number }[] = [
  { query: 'coffee', results: 6 },
  { query: 'espresso', results: 2 },
  { query: 'knife', results: 1 },
  { query: 'rucksack', results: 3 },
  { query: 'jacket', results: 4 },
  { query: 'lamp', results: 2 },
  { query: 'gift', results: 11 },
  { query: 'blanket', results: 3 },
  { query: 'shoes', results: 5 },
  { query: 'socks', results: 2 },
  { query: 'tent', results: 1 },
  { query: 'glasses', results: 2 },
  { query: 'rug', results: 0 },
  { query: 'umbrella', results: 0 },
];
