/** In addresses: the broker of this process, whose accounts sign in. */
export const LOCAL_CLUSTER = 'local';
