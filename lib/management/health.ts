/** Checks that answer 200 or 503, and those lists that are empty because Warren has no such thing. */

import type { CertificateFile } from '../engine/certificates.ts';
import { enableFeatureFlag } from '../operations/node.ts';
import { rebalanceQueues } from '../operations/queues.ts';
import { type ApiRoute, acting, type Call, named, ok, param, type Reply } from './api-route.ts';
import { endsBefore, periodMs } from './certificates.ts';
import { badRequest, notFound } from './failure.ts';
import { matcherOf } from './listing.ts';
import { nodeName } from './node-name.ts';
import { listenersOf } from './overview.ts';
import { emptyList, healthy as healthyShape } from './schema/health.ts';
import { oauth, version } from './schema/overview.ts';

const HEALTHY = { status: 'ok' };

function failed(reason: string, more: object): Reply {
  return { status: 503, body: { status: 'failed', reason, ...more } };
}

/** What tools call protocols, and what listeners do. AMQP 1.0 has names of its own in RabbitMQ's list; nothing here speaks it. */
const PROTOCOLS: ReadonlyMap<string, string> = new Map([
  ...['amqp091', 'amqp0.9.1', 'amqp0-9-1', 'amqp0_9_1'].map((name) => [name, 'amqp'] as const),
  ['amqps', 'amqp/ssl'],
  ...['http1', 'http1.1', 'http_api', 'management', 'management_ui', 'ui'].map((name) => [name, 'http'] as const),
]);

async function healthy(): Promise<Reply> {
  return ok(HEALTHY);
}

function alarms(call: Call): Promise<Reply> {
  return noAlarms(call, 'There are alarms in effect in the cluster');
}

function localAlarms(call: Call): Promise<Reply> {
  return noAlarms(call, 'There are alarms in effect on the node');
}

async function noAlarms(call: Call, reason: string): Promise<Reply> {
  const overview = await call.desk.engine.overview();
  if (overview.alarms.length === 0) return ok(HEALTHY);
  return failed(reason, {
    alarms: overview.alarms.map((resource) => ({ node: overview.node, resource })),
  });
}

async function port(call: Call): Promise<Reply> {
  const wanted = Number(param(call, 'port'));
  if (!Number.isInteger(wanted) || wanted < 0) throw badRequest('Invalid port');
  const listeners = listenersOf(call.desk, await call.desk.engine.overview());
  const ports = [...new Set(listeners.map((listener) => listener.port))];
  return ports.includes(wanted)
    ? ok({ ...HEALTHY, port: wanted })
    : failed('No active listener', { missing: wanted, ports });
}

async function protocol(call: Call): Promise<Reply> {
  const wanted = param(call, 'protocols').split(',');
  const listeners = listenersOf(call.desk, await call.desk.engine.overview());
  const protocols = [...new Set(listeners.map((listener) => listener.protocol))];
  const known = (name: string): string => PROTOCOLS.get(name.toLowerCase()) ?? name.toLowerCase();
  const missing = wanted.filter((name) => !protocols.includes(known(name)));
  if (missing.length > 0) {
    const shown = wanted.length === 1 ? missing[0] : missing;
    return failed('No active listener', { missing: shown, protocols });
  }
  return ok({ ...HEALTHY, protocol: known(wanted[0] as string), protocols: wanted.map(known) });
}

async function certificates(call: Call): Promise<Reply> {
  const lengthMs = periodMs(param(call, 'within'), param(call, 'unit'));
  const { certificates: shown, node, hosts, amqpsPort, nowMs } = await call.desk.engine.overview();
  if (shown === null) return ok(HEALTHY);
  const ends = (file: CertificateFile | null) => endsBefore(file, nowMs + lengthMs, nowMs);
  const [own, authority] = [ends(shown.certificate), ends(shown.authority)];
  if (own.length + authority.length === 0) return ok(HEALTHY);
  return failed('Certificates expiring', {
    expired: hosts.map((address) => ({
      ...{ node, protocol: 'amqp/ssl', interface: address, port: amqpsPort },
      certfile: shown.certificate.path,
      cacertfile: shown.authority?.path ?? null,
      certfile_expires_on: own,
      cacertfile_expires_on: authority,
    })),
  });
}

/** The check of leaders: a quorum queue is without one when its messages cannot be read. */
async function quorumQueues(call: Call): Promise<Reply> {
  const { vhost, pattern } = call.params;
  const { facts } = call.desk;
  const unreadable = (await facts.listQueueKeys(call.actor, 'closedReason', vhost)).flatMap((group) =>
    group.names.filter((_, i) => group.keys[i] !== null).map((name) => ({ vhost: group.vhost, name })),
  );
  const failing = (await facts.queuesNamed(call.actor, unreadable)).filter(({ type }) => type === 'quorum');
  const isMeant = pattern === undefined ? () => true : matcherOf(pattern, false);
  const closed = failing.filter(({ name }) => isMeant(name));
  if (closed.length === 0) return ok(HEALTHY);
  const queues = closed.map((queue) => ({ name: queue.name, virtual_host: queue.vhost, type: queue.type }));
  return failed('There are quorum queues without elected leaders', { queues });
}

async function connectionLimit(call: Call): Promise<Reply> {
  const { connectionsMax, connections } = await call.desk.engine.overview();
  const limit = connectionsMax ?? 'infinity';
  if (connectionsMax === null || connections < connectionsMax) return ok({ ...HEALTHY, limit, connections });
  return failed('node connection limit is reached', { limit, connections });
}

/** The check of old tools, whether a message can go through: the vhost is there and nothing holds publishers back. */
async function aliveness(call: Call): Promise<Reply> {
  const { alarms } = await call.desk.engine.overview();
  return alarms.length === 0 ? ok(HEALTHY) : failed(`alarm: ${alarms.join(', ')}`, {});
}

const empty = (path: string): ApiRoute => ({
  method: 'GET',
  path,
  access: 'management',
  answer: emptyList,
  run: async () => ok([]),
});
const check = (path: string, run: ApiRoute['run']): ApiRoute => ({
  method: 'GET',
  path: `/health/checks/${path}`,
  access: 'management',
  answer: healthyShape,
  run,
});

export const healthRoutes: ApiRoute[] = [
  check('alarms', alarms),
  check('local-alarms', localAlarms),
  check('port-listener/:port', port),
  check('protocol-listener/:protocols', protocol),
  check('virtual-hosts', healthy),
  check('node-is-mirror-sync-critical', async () => ok({ ...HEALTHY, reason: 'single node cluster' })),
  check('node-is-quorum-critical', async () => ok({ ...HEALTHY, reason: 'single node cluster' })),
  check('quorum-queues-without-elected-leaders/all-vhosts', quorumQueues),
  check('quorum-queues-without-elected-leaders/vhost/:vhost', quorumQueues),
  check('quorum-queues-without-elected-leaders/all-vhosts/pattern/:pattern', quorumQueues),
  check('quorum-queues-without-elected-leaders/vhost/:vhost/pattern/:pattern', quorumQueues),
  check('certificate-expiration/:within/:unit', certificates),
  check('metadata-store/initialized', healthy),
  check('metadata-store/initialized/with-data', healthy),
  { ...check('is-in-service', healthy), access: 'anyone' },
  { ...check('ready-to-serve-clients', healthy), access: 'anyone' },
  { ...check('reached-target-cluster-size', healthy), access: 'anyone' },
  { ...check('below-node-connection-limit', connectionLimit), access: 'anyone' },
  { ...check('', aliveness), path: '/aliveness-test/:vhost' },
  { ...check('', alarms), path: '/healthchecks/node' },
  {
    method: 'GET',
    path: '/healthchecks/node/:node',
    access: 'management',
    answer: healthyShape,
    async run(call) {
      const node = await nodeName(call);
      if (node !== param(call, 'node')) throw notFound();
      return alarms(call);
    },
  },
  empty('/extensions'),
  empty('/feature-flags'),
  acting({
    method: 'PUT',
    path: '/feature-flags/:name/enable',
    operation: enableFeatureFlag,
    input: (call) => named(call, 'name'),
  }),
  empty('/deprecated-features'),
  empty('/deprecated-features/used'),
  empty('/shovels'),
  empty('/shovels/:vhost'),
  empty('/federation-links'),
  empty('/federation-links/:vhost'),
  acting({ method: 'POST', path: '/rebalance/queues', operation: rebalanceQueues, input: () => ({}) }),
  {
    method: 'GET',
    path: '/version',
    access: 'anyone',
    answer: version,
    run: async (call) => ok((await call.desk.engine.overview()).compatibleWith),
  },
  {
    method: 'GET',
    path: '/auth',
    access: 'anyone',
    answer: oauth,
    run: async () => ok({ oauth_enabled: false }),
  },
];
