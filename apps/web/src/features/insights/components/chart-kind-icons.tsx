import { ChartBarStacked, ChartColumnStacked, ChartLine, Hash } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ChartKind } from '../state.ts';

export const chartKindIcons: Readonly<Record<ChartKind, ReactNode>> = {
  line: <ChartLine size={15} aria-hidden />,
  column: <ChartColumnStacked size={15} aria-hidden />,
  bar: <ChartBarStacked size={15} aria-hidden />,
  number: <Hash size={15} aria-hidden />,
};
