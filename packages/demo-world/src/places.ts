/** Where the shop's visitors live, and what they are called there. */
export interface Place {
  readonly country: string;
  readonly city: string;
  readonly region: string;
  readonly timezone: string;
  readonly language: string;
  readonly names: 'german' | 'english' | 'romance' | 'polish';
  /** Hours that the place's evening lies behind the project's. */
  readonly hoursBehind: number;
  readonly weight: number;
}

type Country = Omit<Place, 'city' | 'region' | 'weight'>;
type City = readonly [city: string, region: string, weight: number];

const countries: readonly (readonly [Country, readonly City[]])[] = [
  [
    country('DE', 'Europe/Berlin', 'de-DE', 'german'),
    [
      ['Berlin', 'Berlin', 130],
      ['Hamburg', 'Hamburg', 80],
      ['Munich', 'Bavaria', 75],
      ['Cologne', 'North Rhine-Westphalia', 60],
      ['Frankfurt am Main', 'Hesse', 45],
      ['Leipzig', 'Saxony', 35],
      ['Stuttgart', 'Baden-Württemberg', 35],
    ],
  ],
  [
    country('AT', 'Europe/Vienna', 'de-AT', 'german'),
    [
      ['Vienna', 'Vienna', 55],
      ['Graz', 'Styria', 20],
    ],
  ],
  [
    country('CH', 'Europe/Zurich', 'de-CH', 'german'),
    [
      ['Zurich', 'Zurich', 40],
      ['Bern', 'Bern', 18],
    ],
  ],
  [
    country('NL', 'Europe/Amsterdam', 'nl-NL', 'german'),
    [
      ['Amsterdam', 'North Holland', 45],
      ['Utrecht', 'Utrecht', 20],
    ],
  ],
  [
    country('GB', 'Europe/London', 'en-GB', 'english', 1),
    [
      ['London', 'England', 60],
      ['Manchester', 'England', 25],
      ['Edinburgh', 'Scotland', 12],
    ],
  ],
  [
    country('FR', 'Europe/Paris', 'fr-FR', 'romance'),
    [
      ['Paris', 'Ile-de-France', 50],
      ['Lyon', 'Auvergne-Rhone-Alpes', 22],
    ],
  ],
  [
    country('ES', 'Europe/Madrid', 'es-ES', 'romance'),
    [
      ['Madrid', 'Madrid', 24],
      ['Barcelona', 'Catalonia', 22],
    ],
  ],
  [country('IT', 'Europe/Rome', 'it-IT', 'romance'), [['Milan', 'Lombardy', 26]]],
  [country('PL', 'Europe/Warsaw', 'pl-PL', 'polish'), [['Warsaw', 'Mazovia', 24]]],
  [
    country('US', 'America/New_York', 'en-US', 'english', 6),
    [
      ['New York', 'New York', 30],
      ['Boston', 'Massachusetts', 14],
    ],
  ],
];

export const places: readonly Place[] = countries.flatMap(([shared, cities]) =>
  cities.map(([city, region, weight]) => ({ ...shared, city, region, weight })),
);

function country(
  code: string,
  timezone: string,
  language: string,
  names: Place['names'],
  hoursBehind = 0,
): Country {
  return { country: code, timezone, language, names, hoursBehind };
}

const words = (text: string): readonly string[] => text.split(' ');

export const firstNames: Readonly<Record<Place['names'], readonly string[]>> = {
  german: words(
    'Anna Ben Clara David Emma Felix Greta Hannes Ida Jonas Klara Leon Mia Noah Olivia Paul Romy Simon Thea Tom Ute Jürgen Karin Stefan Lena Lukas Marie Moritz Nele Oskar',
  ),
  english: words(
    'Amelia Arthur Charlotte Daniel Ella Freddie George Grace Harry Isla Jack Lily Mason Nora Oliver Poppy Ruby Samuel Sophie Theo William Zoe Aaron Beth',
  ),
  romance: words(
    'Adrien Alba Camille Chiara Diego Elena Enzo Giulia Hugo Ines Jules Laura Léa Lucía Luca Manon Marco Martina Mateo Paula Pierre Sofia Valentina Zoé',
  ),
  polish: words('Agnieszka Adam Ewa Jakub Kasia Marek Ola Piotr Tomasz Zofia'),
};

export const lastNames: Readonly<Record<Place['names'], readonly string[]>> = {
  german: words(
    'Albrecht Bauer Becker Brandt Dietrich Engel Fischer Förster Graf Hartmann Hofmann Huber Jansen Keller Koch König Krüger Lange Maier Möller Neumann Peters Richter Sauer Schäfer Schmitt Vogel Wagner Weiß Winkler Ziegler',
  ),
  english: words(
    'Adams Bennett Brooks Carter Clarke Cooper Davies Ellis Foster Griffin Hughes Johnson King Lewis Mitchell Nelson Parker Reed Shaw Taylor Turner Walker Webb Young',
  ),
  romance: words(
    'Bernard Bianchi Colombo Durand Fernández Fontana Garcia Girard Lambert Leroy López Marchetti Martin Moreau Navarro Petit Ricci Romano Ruiz Santos Serrano Vidal',
  ),
  polish: words('Dudek Kaczmarek Kowalska Lewandowski Mazur Nowak Pawlak Wojciechowska Zielinska'),
};
