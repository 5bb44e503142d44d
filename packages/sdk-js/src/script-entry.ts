import { install } from './script.ts';

try {
  install(
    window as { arbor?: unknown },
    document.currentScript instanceof HTMLScriptElement ? document.currentScript : null,
  );
} catch {
  // The page goes on without analytics.
}
