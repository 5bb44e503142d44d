import type { IdentityLinkEntry, IdentitySplit, LinkForm } from '@arbor/schema/identity';
import { formatCount } from '#format/number.ts';

const formLabels: Readonly<Record<LinkForm, string>> = {
  identify: 'Identified',
  alias: 'Alias',
  device: 'Device signed in',
  merge: 'Merged by import',
  explicit: 'Merged by hand',
};

export type LinkState = 'joined' | 'refused' | 'undone';

export function linkState({ refused, undone }: IdentityLinkEntry): LinkState {
  if (refused !== null) return 'refused';
  return undone === null ? 'joined' : 'undone';
}

export function linkTitle(link: IdentityLinkEntry): string {
  const label = formLabels[link.form];
  switch (linkState(link)) {
    case 'joined':
      return label;
    case 'refused':
      return `Not joined: ${label.toLowerCase()}`;
    case 'undone':
      return `${label}, taken back`;
  }
}

/** What unmerging does, in a sentence. */
export function splitSentence({ stays, leaves }: IdentitySplit): string {
  if (leaves === null) {
    return 'Other links hold these identifiers together: the user stays one. Take those links back too.';
  }
  const part = ({ canonical, identifiers }: IdentitySplit['stays']): string =>
    `“${canonical}” with ${formatCount(identifiers.length, 'identifier')}`;
  return `This gives back two users: ${part(stays)}, and ${part(leaves)}. Each keeps the events that were sent with its identifiers.`;
}
