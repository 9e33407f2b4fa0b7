/**
 * Addresses of pages. Names of vhosts, queues and exchanges may be anything: '', '.', '..', with slashes. A path segment
 * that a browser would normalise away gets a '~' before it, and so does a name that begins with one.
 */
export function segment(name: string): string {
  const needsMark = name === '' || name === '.' || name === '..' || name.startsWith('~');
  return encodeURIComponent(needsMark ? `~${name}` : name);
}

/** The name back from a page's parameter, which arrives encoded. */
export function nameOf(parameter: string): string {
  const name = decodeURIComponent(parameter);
  return name.startsWith('~') ? name.slice(1) : name;
}

type Search = Record<string, string | undefined>;

function withSearch(path: string, search: Search): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(search))
    if (value !== undefined && value !== '') parameters.set(name, value);
  return parameters.size === 0 ? path : `${path}?${parameters}`;
}

export const paths = {
  overview: '/',
  queues: '/queues',
  newQueue: '/queues/new',
  queue: (vhost: string, name: string, tab?: string) =>
    withSearch(`/queues/${segment(vhost)}/${segment(name)}`, { tab: tab === 'overview' ? undefined : tab }),
  exchanges: '/exchanges',
  newExchange: '/exchanges/new',
  exchange: (vhost: string, name: string) => `/exchanges/${segment(vhost)}/${segment(name)}`,
  publish: '/publish',
  publishTo: (to: { vhost: string; exchange?: string; routingKey?: string }) =>
    withSearch('/publish', { in: to.vhost, exchange: to.exchange, key: to.routingKey }),
  deadLetters: '/dead-letters',
  deadLettersIn: (vhost: string, queue: string) => withSearch('/dead-letters', { in: vhost, queue }),
  login: (next?: string) => withSearch('/login', { next }),
};
