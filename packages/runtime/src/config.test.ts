import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ConfigError, envFlag, envNames, envPort, envShards, readConfig } from './config.ts';

const schema = z.object({
  ARBOR_PORT: envPort,
  ARBOR_ZONES: envNames.prefault('a,b'),
  ARBOR_DEV: envFlag.prefault('0'),
  ARBOR_SHARDS: envShards.prefault('16'),
  REDIS_URL: z.url().optional(),
});

describe('readConfig', () => {
  it('parses, fills defaults and takes an empty variable as unset', () => {
    expect(readConfig(schema, { ARBOR_PORT: '4000', ARBOR_ZONES: '', OTHER: 'x' })).toEqual({
      ARBOR_PORT: 4000,
      ARBOR_ZONES: ['a', 'b'],
      ARBOR_DEV: false,
      ARBOR_SHARDS: 16,
    });
  });

  it('names every bad variable at once and hides what may hold a password', () => {
    const env = { ARBOR_ZONES: 'a,a', ARBOR_SHARDS: '12', REDIS_URL: 'hunter2', ARBOR_DEV: 'yes' };
    const read = () => readConfig(schema, env);
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(
      [
        'the environment is not usable; set or correct:',
        '  ARBOR_PORT is not set',
        '  ARBOR_ZONES="a,a": must not repeat a name',
        '  ARBOR_DEV="yes": must be 0 or 1',
        '  ARBOR_SHARDS="12": must be a power of two from 1 to 4096',
        '  REDIS_URL=(hidden): invalid url',
      ].join('\n'),
    );
  });

  it.each(['0', '65536', '30x'])('refuses port %s', (port) => {
    expect(() => readConfig(schema, { ARBOR_PORT: port })).toThrow(
      `ARBOR_PORT="${port}": must be a port from 1 to 65535`,
    );
  });
});
