/** Header on the answer our own server gives when the API behind it cannot be reached. */
export const unreachableHeader = 'x-arbor-unreachable';
