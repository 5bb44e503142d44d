'use client';

import dynamic from 'next/dynamic';
import { Skeleton } from '#components/skeleton.tsx';

/** The drawing library is the largest part of a report's script and comes after the rest of the page. */
export const LazyTimeChart = dynamic(
  () => import('./time-chart.tsx').then((module) => module.TimeChart),
  { ssr: false, loading: () => <Skeleton className="m-4 h-72" /> },
);
