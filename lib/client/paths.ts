import { LOCAL_CLUSTER } from '../local-cluster.ts';

/**
 * Addresses of pages. Names of vhosts, queues and exchanges may be anything: '', '.', '..', with slashes and percents.
 * Next hands a segment over decoded in one place and encoded in another, and browsers normalise dots away; so what
 * would suffer is written with an escape of our own, '~' and two hex digits, and decoding twice does no harm.
 */
export function segment(name: string): string {
  if (name === '') return EMPTY;
  const harmless = /^\.{1,2}$/.test(name)
    ? name.replaceAll('.', '~2E')
    : name.replaceAll('~', '~7E').replaceAll('%', '~25');
  return encodeURIComponent(harmless);
}

/** The name back from a page's parameter, encoded or decoded. */
export function nameOf(parameter: string): string {
  const harmless = decoded(parameter);
  if (harmless === EMPTY) return '';
  return harmless.replace(/~([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

const EMPTY = '~';

/** A "%" that stands for nothing is left of an address that somebody wrote by hand, as %25, and that is decoded already. */
function decoded(parameter: string): string {
  try {
    return decodeURIComponent(parameter);
  } catch {
    return parameter;
  }
}

type Search = Record<string, string | undefined>;

function withSearch(path: string, search: Search): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(search))
    if (value !== undefined && value !== '') parameters.set(name, value);
  return parameters.size === 0 ? path : `${path}?${parameters}`;
}

/** As yet the only cluster there is is that of this process. */
const cluster = `/c/${LOCAL_CLUSTER}`;
/** Where the console's API answers of it. */
export const CONSOLE_API = `/console-api${cluster}`;

export const paths = {
  overview: cluster,
  queues: `${cluster}/queues`,
  unconsumedQueues: `${cluster}/queues?state=unconsumed&sort=ready&order=descending`,
  newQueue: `${cluster}/queues/new`,
  queue: (vhost: string, name: string, tab?: string) =>
    withSearch(`${cluster}/queues/${segment(vhost)}/${segment(name)}`, { tab: tab === 'overview' ? undefined : tab }),
  exchanges: `${cluster}/exchanges`,
  newExchange: `${cluster}/exchanges/new`,
  exchange: (vhost: string, name: string) => `${cluster}/exchanges/${segment(vhost)}/${segment(name)}`,
  publish: `${cluster}/publish`,
  /** `headers` as `draftsText` writes them. */
  publishTo: (to: { vhost: string; exchange?: string; routingKey?: string; headers?: string | undefined }) =>
    withSearch(paths.publish, { in: to.vhost, exchange: to.exchange, key: to.routingKey, headers: to.headers }),
  deadLetters: `${cluster}/dead-letters`,
  deadLettersIn: (vhost: string, queue: string) => withSearch(paths.deadLetters, { in: vhost, queue }),
  // Of the console itself, whichever clusters it shows.
  audit: '/audit',
  sessions: '/sessions',
  login: (next?: string) => withSearch('/login', { next }),
};

/** Only a path of this site: an address of another one would turn the sign-in page into a lure. */
export function localPath(path: string | undefined): string {
  const here = 'http://here.invalid';
  const url = path === undefined || !path.startsWith('/') ? null : URL.parse(path, here);
  return url !== null && url.origin === here ? url.pathname + url.search : paths.overview;
}
