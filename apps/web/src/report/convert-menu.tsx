'use client';

import { Shuffle } from 'lucide-react';
import { useRouter } from 'next/navigation';
import type { ReactNode } from 'react';
import type { ReportType } from '@arbor/schema/saved-reports';
import { useProject } from '#api/project-context.tsx';
import { IconButton } from '#components/button.tsx';
import { leave } from '#components/leaving.ts';
import { Menu, MenuItem, MenuLabel } from '#components/menu.tsx';
import { useToast } from '#components/toast.tsx';
import { convertReport, type Convertible } from './conversion.ts';
import { typeLabels } from './report-types.ts';
import { reportAddress } from './url-state.ts';

const types = Object.keys(typeLabels) as ReportType[];

/** Asks the same as another kind of report, and says what that one has no place for (UX-R6). */
export function ConvertMenu({ report }: { readonly report: Convertible }): ReactNode {
  const { id } = useProject();
  const router = useRouter();
  const toast = useToast();
  const convert = (type: ReportType): void => {
    const { state, leftOut } = convertReport(report, type);
    const name = typeLabels[type];
    // Changes of a saved report go with it: it asks first.
    leave(() => {
      router.push(reportAddress(id, type, state));
      toast(
        leftOut.length === 0
          ? `Taken over to ${name}`
          : `Taken over to ${name} without ${leftOut.join(', ')}`,
      );
    });
  };
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label="Convert to another report" data-testid="report-convert">
          <Shuffle size={15} />
        </IconButton>
      }
    >
      <MenuLabel>Convert to</MenuLabel>
      {types
        .filter((type) => type !== report.type)
        .map((type) => (
          <MenuItem key={type} onSelect={() => convert(type)}>
            {typeLabels[type]}
          </MenuItem>
        ))}
    </Menu>
  );
}
