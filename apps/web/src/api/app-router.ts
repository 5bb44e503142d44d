export type { AppRouter } from '@arbor/api/router';
