export const themes = ['system', 'light', 'dark', 'contrast'] as const;
export type Theme = (typeof themes)[number];

export const themeCookie = 'arbor-theme';

export function parseTheme(text: string | undefined): Theme {
  return themes.find((theme) => theme === text) ?? 'system';
}

/** Takes effect at once and is remembered for the next page from the server. */
export function applyTheme(theme: Theme): void {
  const root = document.documentElement;
  if (theme === 'system') delete root.dataset['theme'];
  else root.dataset['theme'] = theme;
  rememberInCookie(themeCookie, theme);
}

export function currentTheme(): Theme {
  return parseTheme(document.documentElement.dataset['theme']);
}

const yearSeconds = 31_536_000;

/** Small choices of the interface that the server needs for its first paint. */
export function rememberInCookie(name: string, value: string): void {
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=${yearSeconds}; samesite=lax`;
}
