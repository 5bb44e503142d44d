/**
 * The demo project, written again: the dashboard may import the contracts and the API's type, not the
 * demo world (conventions 1). `packages/demo-world/src/demo-project.ts` is where it is decided, and
 * shop-project.test.ts compares the two.
 */
export const shopProject = { id: 1000, token: 'arbor-demo-shop-token' } as const;
