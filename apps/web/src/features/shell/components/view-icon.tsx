import {
  Database,
  Filter,
  Globe,
  LayoutDashboard,
  Group,
  Radio,
  Repeat2,
  Settings,
  TrendingUp,
  UsersRound,
  Waypoints,
  type LucideProps,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { View } from '../model.ts';

export function ViewIcon({ view, ...rest }: LucideProps & { readonly view: View }): ReactNode {
  switch (view) {
    case 'live':
      return <Radio {...rest} />;
    case 'insights':
      return <TrendingUp {...rest} />;
    case 'funnels':
      return <Filter {...rest} />;
    case 'retention':
      return <Repeat2 {...rest} />;
    case 'flows':
      return <Waypoints {...rest} />;
    case 'boards':
      return <LayoutDashboard {...rest} />;
    case 'settings':
      return <Settings {...rest} />;
    case 'data':
      return <Database {...rest} />;
    case 'web':
      return <Globe {...rest} />;
    case 'cohorts':
      return <Group {...rest} />;
    case 'users':
      return <UsersRound {...rest} />;
  }
}
