import { describe, expect, it } from 'vitest';
import { publicApiUrl, webConfig } from './config.ts';

describe('webConfig', () => {
  it('cuts a trailing slash so that paths can be appended', () => {
    expect(webConfig({ ARBOR_API_URL: 'http://api.internal:4000/' }).apiUrl).toBe(
      'http://api.internal:4000',
    );
  });

  it('says which value is wrong and what to set', () => {
    expect(() => webConfig({ ARBOR_API_URL: 'api' })).toThrow(
      'ARBOR_API_URL is "api": set it to the address of the API, for example http://127.0.0.1:4000',
    );
  });
});

describe('publicApiUrl', () => {
  it('replaces a loopback name by the host the person typed and keeps the port', () => {
    expect(publicApiUrl('http://127.0.0.1:4000', 'shop.test:3000')).toBe('http://shop.test:4000');
  });

  it('leaves a real address alone', () => {
    expect(publicApiUrl('https://events.test', 'shop.test')).toBe('https://events.test');
  });
});
