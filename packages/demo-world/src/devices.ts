import type { DemoValue } from './record.ts';
import type { Random } from './random.ts';

export type Platform = 'Web' | 'iOS' | 'Android';

/** A device as it describes itself in each of its events. */
export interface DeviceTraits {
  readonly platform: Platform;
  readonly properties: Readonly<Record<string, DemoValue>>;
}

type Screen = readonly [width: number, height: number];
interface WebModel {
  readonly os: string;
  readonly device?: string;
  readonly screen: Screen;
  readonly browsers: readonly {
    readonly name: string;
    readonly version: number;
    readonly weight: number;
  }[];
  readonly weight: number;
}

const desktop: readonly WebModel[] = [
  {
    os: 'Windows',
    screen: [1920, 1080],
    browsers: [
      { name: 'Chrome', version: 141, weight: 60 },
      { name: 'Microsoft Edge', version: 141, weight: 24 },
      { name: 'Firefox', version: 144, weight: 16 },
    ],
    weight: 52,
  },
  {
    os: 'Mac OS X',
    screen: [1512, 982],
    browsers: [
      { name: 'Safari', version: 26, weight: 52 },
      { name: 'Chrome', version: 141, weight: 38 },
      { name: 'Firefox', version: 144, weight: 10 },
    ],
    weight: 36,
  },
  {
    os: 'Linux',
    screen: [2560, 1440],
    browsers: [
      { name: 'Firefox', version: 144, weight: 60 },
      { name: 'Chrome', version: 141, weight: 40 },
    ],
    weight: 12,
  },
];

const mobileWeb: readonly WebModel[] = [
  {
    os: 'iOS',
    device: 'iPhone',
    screen: [393, 852],
    browsers: [
      { name: 'Mobile Safari', version: 26, weight: 84 },
      { name: 'Chrome iOS', version: 141, weight: 16 },
    ],
    weight: 52,
  },
  {
    os: 'Android',
    device: 'Android',
    screen: [412, 915],
    browsers: [
      { name: 'Chrome', version: 141, weight: 80 },
      { name: 'Samsung Internet', version: 28, weight: 20 },
    ],
    weight: 48,
  },
];

interface AppModel {
  readonly os: 'iOS' | 'Android';
  readonly osVersion: string;
  readonly model: string;
  readonly manufacturer: string;
  readonly weight: number;
}

const apps: readonly AppModel[] = [
  { os: 'iOS', osVersion: '26.1', model: 'iPhone 17', manufacturer: 'Apple', weight: 22 },
  { os: 'iOS', osVersion: '26.0', model: 'iPhone 16 Pro', manufacturer: 'Apple', weight: 20 },
  { os: 'iOS', osVersion: '18.7', model: 'iPhone 14', manufacturer: 'Apple', weight: 14 },
  { os: 'Android', osVersion: '16', model: 'Pixel 10', manufacturer: 'Google', weight: 13 },
  { os: 'Android', osVersion: '16', model: 'Galaxy S25', manufacturer: 'Samsung', weight: 18 },
  { os: 'Android', osVersion: '15', model: 'Galaxy A56', manufacturer: 'Samsung', weight: 13 },
];

const kinds = [
  { make: (random: Random) => webDevice(desktop, random), weight: 47 },
  { make: (random: Random) => webDevice(mobileWeb, random), weight: 29 },
  { make: appDevice, weight: 24 },
] as const;

/** Draws a device as likely as the shop's visitors own it. */
export function drawDevice(random: Random): DeviceTraits {
  return random.weighted(kinds).make(random);
}

/** A second device is a phone with the app for who has a computer, and a computer for who has a phone. */
export function drawSecondDevice(first: DeviceTraits, random: Random): DeviceTraits {
  return first.properties['$device'] === undefined && first.platform === 'Web'
    ? appDevice(random)
    : webDevice(desktop, random);
}

function webDevice(models: readonly WebModel[], random: Random): DeviceTraits {
  const model = random.weighted(models);
  const browser = random.weighted(model.browsers);
  return {
    platform: 'Web',
    properties: {
      mp_lib: 'arbor-js',
      platform: 'Web',
      $os: model.os,
      $browser: browser.name,
      $browser_version: browser.version - (random.chance(0.3) ? 1 : 0),
      ...(model.device === undefined ? {} : { $device: model.device }),
      $screen_width: model.screen[0],
      $screen_height: model.screen[1],
    },
  };
}

function appDevice(random: Random): DeviceTraits {
  const model = random.weighted(apps);
  return {
    platform: model.os,
    properties: {
      mp_lib: model.os === 'iOS' ? 'swift' : 'android',
      platform: model.os,
      $os: model.os,
      $os_version: model.osVersion,
      $model: model.model,
      $manufacturer: model.manufacturer,
    },
  };
}
