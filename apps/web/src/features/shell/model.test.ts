import { describe, expect, it } from 'vitest';
import { pagesOf, pathInProject, viewOf } from './model.ts';

describe('views', () => {
  it('are read from the path', () => {
    expect(viewOf('/p/1000/funnels')).toBe('funnels');
    expect(viewOf('/p/1000/users/ada%40example.com')).toBe('users');
    expect(viewOf('/p/1000/connect')).toBeNull();
    expect(viewOf('/')).toBeNull();
  });

  it('are followed by what fills the project', () => {
    const pages = (isDemo: boolean) => pagesOf({ id: 7, isDemo }).map(({ href }) => href);
    expect(pages(true)).toEqual(['/shop', '/p/7/api']);
    expect(pages(false)).toEqual(['/p/7/connect', '/p/7/api']);
  });

  it('stay when the project changes', () => {
    expect(pathInProject('/p/1000/retention', 7)).toBe('/p/7/retention');
    expect(pathInProject('/p/1000/users/ada', 7)).toBe('/p/7/users');
    expect(pathInProject('/p/1000/connect', 7)).toBe('/p/7/insights');
  });
});
