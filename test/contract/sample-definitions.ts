/** One definition of each kind, with everything that it can have. */
import type {
  BindingDefinition,
  DefinitionChange,
  Definitions,
  ExchangeDefinition,
  GlobalParameterDefinition,
  PermissionDefinition,
  PolicyDefinition,
  QueueDefinition,
  TopicPermissionDefinition,
  UserDefinition,
  VhostDefinition,
} from '../../lib/broker/ports.ts';
import { jsonFloat } from '../../lib/json/json-value.ts';

export const NOTHING: Definitions = {
  vhosts: [],
  users: [],
  permissions: [],
  topicPermissions: [],
  policies: [],
  globalParameters: [],
  exchanges: [],
  queues: [],
  bindings: [],
  deleted: [],
};

export const VHOST: VhostDefinition = {
  name: '/',
  description: 'Default virtual host',
  tags: ['a', 'b'],
  defaultQueueType: 'quorum',
  protectedFromDeletion: true,
  limits: { 'max-connections': 9_007_199_254_740_993n },
};
export const USER: UserDefinition = {
  name: 'guest',
  passwordHash: 'kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR',
  hashingAlgorithm: 'rabbit_password_hashing_sha256',
  tags: ['administrator', 'monitoring'],
  limits: { 'max-channels': -1 },
};
export const PERMISSION: PermissionDefinition = { user: 'guest', vhost: '/', configure: '.*', write: '^a', read: '' };
export const TOPIC_PERMISSION: TopicPermissionDefinition = {
  user: 'guest',
  vhost: '/',
  exchange: 'logs',
  write: '^a',
  read: '',
};
export const POLICY: PolicyDefinition = {
  kind: 'policy',
  vhost: '/',
  name: 'p',
  pattern: '^q',
  applyTo: 'queues',
  priority: -3,
  definition: { 'message-ttl': 9_000_000_000, 'dead-letter-exchange': 'ü', 'max-length': 2n ** 64n },
};
export const PARAMETER: GlobalParameterDefinition = {
  name: 'cluster_name',
  value: { a: [1.5, null, true, 'x', 5, jsonFloat(5), jsonFloat(-0), 10n ** 30n] },
};
export const EXCHANGE: ExchangeDefinition = {
  vhost: '/',
  name: 'logs',
  id: 'log',
  type: 'topic',
  autoDelete: false,
  internal: true,
  declaredBy: 'ann',
  arguments: Buffer.from([1, 0x61, 0x74, 1]),
};
export const QUEUE: QueueDefinition = {
  vhost: '/',
  name: 'q',
  id: 'id-1',
  autoDelete: true,
  isPaused: true,
  arguments: Buffer.from([0, 255, 128]),
};
export const BINDING: BindingDefinition = {
  vhost: '/',
  source: 'logs',
  destinationType: 'queue',
  destination: 'q',
  routingKey: 'a.#',
  arguments: Buffer.from([]),
};

export const ALL: DefinitionChange[] = [
  { put: 'vhost', value: VHOST },
  { put: 'user', value: USER },
  { put: 'permission', value: PERMISSION },
  { put: 'topic-permission', value: TOPIC_PERMISSION },
  { put: 'policy', value: POLICY },
  { put: 'global-parameter', value: PARAMETER },
  { put: 'exchange', value: EXCHANGE },
  { put: 'queue', value: QUEUE },
  { put: 'binding', value: BINDING },
];

export const WHOLE: Definitions = {
  vhosts: [VHOST],
  users: [USER],
  permissions: [PERMISSION],
  topicPermissions: [TOPIC_PERMISSION],
  policies: [POLICY],
  globalParameters: [PARAMETER],
  exchanges: [EXCHANGE],
  queues: [QUEUE],
  bindings: [BINDING],
  deleted: [],
};
