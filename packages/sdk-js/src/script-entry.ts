import { install } from './script.ts';

try {
  install(
    window,
    document.currentScript as HTMLScriptElement | null,
    // Whoever serves the script puts his own path here (`build.ts`, `servedEndpoint`).
    '/e',
  );
} catch {
  // The page goes on without analytics.
}
