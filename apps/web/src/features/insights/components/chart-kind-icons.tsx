import {
  ChartArea,
  ChartBar,
  ChartColumn,
  ChartColumnStacked,
  ChartLine,
  ChartPie,
  Hash,
  Table2,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { ChartKind } from '../state.ts';

/** What each kind of chart is called, in the order in which they are offered. */
export const chartKindLabels: Readonly<Record<ChartKind, string>> = {
  line: 'Line',
  area: 'Stacked areas',
  grouped: 'Columns',
  column: 'Stacked columns',
  bar: 'Bars over the range',
  donut: 'Shares',
  number: 'Number',
  table: 'Table alone',
};

export const chartKindIcons: Readonly<Record<ChartKind, ReactNode>> = {
  line: <ChartLine size={15} aria-hidden />,
  area: <ChartArea size={15} aria-hidden />,
  grouped: <ChartColumn size={15} aria-hidden />,
  column: <ChartColumnStacked size={15} aria-hidden />,
  bar: <ChartBar size={15} aria-hidden />,
  donut: <ChartPie size={15} aria-hidden />,
  number: <Hash size={15} aria-hidden />,
  table: <Table2 size={15} aria-hidden />,
};
