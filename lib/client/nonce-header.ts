/** Request header with the nonce of this page, for scripts of our own; Next reads its from the policy. */
export const NONCE_HEADER = 'x-warren-nonce';
