import { guard } from './guard.ts';
import { install } from './script.ts';

// Whatever goes wrong, the page goes on without analytics.
guard(() =>
  install(
    window,
    document.currentScript as HTMLScriptElement | null,
    // Whoever serves the script puts his own path here (`build.ts`, `servedEndpoint`).
    '/e',
  ),
)();
