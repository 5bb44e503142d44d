import type { FilterState } from './filter-state.ts';

export type FilterValuesProps = {
  readonly filter: FilterState;
  readonly onChange: (filter: FilterState) => void;
  readonly testId: string;
};
