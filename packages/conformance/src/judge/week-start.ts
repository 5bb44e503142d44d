import type { Rules } from './rules.ts';

/** As a project's setting: 1 = Monday … 7 = Sunday. */
export const weekStartOf = ({ weekStart }: Rules): number => (weekStart === 'monday' ? 1 : 7);
