import { identityStoreContract } from './identity-store.contract.ts';
import { MemoryIdentityStore } from './memory-identity-store.ts';

let project = 0;
identityStoreContract(
  'MemoryIdentityStore',
  () => Promise.resolve(new MemoryIdentityStore()),
  () => ++project,
);
