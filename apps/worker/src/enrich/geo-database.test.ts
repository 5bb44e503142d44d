import { expect, it } from 'vitest';
import { openGeoDatabase } from './geo-database.ts';

const geo = openGeoDatabase(undefined);

it('knows the country of public addresses of both families', () => {
  expect(geo.find('8.8.8.8')).toEqual({ countryCode: 'US' });
  expect(geo.find(' ::ffff:8.8.8.8 ')).toEqual({ countryCode: 'US' });
  expect(geo.find('2001:4860:4860::8888')).toEqual({ countryCode: 'US' });
});

it.each([
  '',
  '0',
  'localhost',
  '127.0.0.1',
  '10.1.2.3',
  '192.168.0.1',
  '172.31.0.1',
  '169.254.1.1',
  '100.64.0.1',
  '::1',
  'fe80::1',
  'fd00::1',
  '::ffff:10.0.0.1',
  '0.0.0.0',
  '255.255.255.255',
  '8.8.8.8:80',
])('says nothing about %j', (address) => {
  expect(geo.find(address)).toBeNull();
});
