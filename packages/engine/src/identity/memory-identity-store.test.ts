import { identityModesContract } from './identity-modes.contract.ts';
import { identityStoreContract } from './identity-store.contract.ts';
import { MemoryIdentityStore } from './memory-identity-store.ts';

let project = 0;
const nextProject = (): number => ++project;
identityStoreContract(
  'MemoryIdentityStore',
  () => Promise.resolve(new MemoryIdentityStore()),
  nextProject,
);
identityModesContract(
  'MemoryIdentityStore',
  () => {
    const store = new MemoryIdentityStore();
    return Promise.resolve({ store, links: (of) => Promise.resolve(store.links(of)) });
  },
  nextProject,
);
