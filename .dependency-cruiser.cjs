/**
 * The layers of the house, as ARCHITECTURE.md draws them. A message says what to do instead.
 * `scripts/layers.mjs` runs it, with a floor on the modules seen and a planted breach that has to be found.
 */

/** What a browser may get to see of the server side: shapes, never code. */
const TYPES_ONLY = { dependencyTypesNot: ['type-only'] };
/** What the browser may run as well as the server: JSON, fields, figures, roles, and what a type of field can hold. */
const SHARED = '^lib/(json/|fields/|figures/|users/|local-cluster\\.ts$|amqp/field-type\\.ts$)';
/** The names of what can be done, and their words: a table that the browser reads as the audit does. */
const ACTIONS = '^lib/audit/actions\\.ts$';
const NODE_IO =
  '^(node:)?(net|tls|http|https|http2|dgram|dns|fs|child_process|cluster|worker_threads|inspector|readline)(/|$)';

/** Files that rooms may see without their room. */
const FIELD_TYPE = '^lib/amqp/field-type\\.ts$';
const LOCAL_CLUSTER = '^lib/local-cluster\\.ts$';
const LOG = '^lib/log\\.ts$';

/**
 * Rooms of lib, and whom each may see: `sees` by value, `types` by type alone; a room by its name, files by a pattern.
 * `isAlone`: it uses no package and nothing of Node either. `scripts/layers.mjs` checks that no room is missing.
 */
const ROOMS = [
  {
    room: 'json',
    name: 'json-stands-alone',
    comment: 'lib/json turns text into values and back, nothing else: hand in what it needs as a parameter.',
    isAlone: true,
    sees: [],
  },
  {
    room: 'figures',
    name: 'figures-stand-alone',
    comment: 'lib/figures says what is counted and how it is called: whoever counts, keeps or tells derives from it.',
    isAlone: true,
    sees: [],
  },
  {
    room: 'users',
    name: 'users-stand-alone',
    comment: 'lib/users says what roles and hashes there are, nothing else: who a user is, others know.',
    isAlone: true,
    sees: [],
  },
  {
    room: 'fields',
    name: 'fields-know-types-and-json',
    comment: 'lib/fields runs in a browser too: it sees lib/json and what lib/amqp/field-type.ts says of types.',
    isAlone: true,
    sees: ['json', FIELD_TYPE],
  },
  {
    room: 'amqp',
    name: 'amqp-stands-alone',
    comment: 'lib/amqp turns bytes into methods and back, nothing else: hand in what it needs as a parameter.',
    isAlone: true,
    sees: [],
  },
  {
    room: 'pattern',
    name: 'pattern-stands-alone',
    comment: 'lib/pattern matches names and knows nothing else: hand in what it needs as a parameter.',
    isAlone: true,
    sees: [],
  },
  {
    room: 'broker',
    name: 'broker-knows-rules-only',
    comment:
      'lib/broker decides and does not act: it sees lib/amqp, lib/figures, lib/json, lib/pattern and lib/users, and the world through lib/broker/ports.ts.',
    sees: ['amqp', 'figures', 'json', 'pattern', 'users'],
  },
  {
    room: 'store',
    name: 'store-keeps-messages',
    comment: 'lib/store implements a port of lib/broker and knows nothing else of the house.',
    sees: ['broker', 'amqp'],
  },
  {
    room: 'server',
    name: 'server-speaks-to-broker',
    comment: 'lib/server turns sockets into calls of lib/broker: what else it needs, lib/engine/embedded hands in.',
    sees: ['broker', 'amqp', 'figures'],
  },
  {
    room: 'engine',
    name: 'engine-is-a-port',
    comment:
      'lib/engine says what any broker can be asked, as plain data: what one broker does for it stands in lib/engine/embedded.',
    sees: ['fields', 'figures', 'json', 'users', FIELD_TYPE],
  },
  {
    room: 'engine/embedded',
    name: 'embedded-is-one-broker',
    comment:
      'lib/engine/embedded joins the broker to the port: what works over any broker stands above the port, and lib/boot.ts hands in what it needs.',
    sees: ['engine', 'server', 'store', 'broker', 'amqp', 'auth', 'fields', 'figures', 'json', 'users'],
  },
  {
    room: 'auth',
    name: 'auth-knows-no-door',
    comment:
      'lib/auth is passwords, sessions and sign-ins, whichever door asks: hand in what a door knows as a parameter.',
    sees: ['users'],
    types: ['audit', 'db', 'engine'],
  },
  {
    room: 'audit',
    name: 'audit-says-what-it-is',
    comment:
      'lib/audit is what an entry is and how it comes to be: lib/db keeps the rows, and who acts hands in what it knows.',
    sees: ['json', LOG],
    types: ['engine'],
  },
  {
    room: 'db',
    name: 'db-serves-ports',
    comment: 'lib/db implements ports of others by their types; it never calls them.',
    sees: ['json'],
    types: ['audit', '^lib/broker/ports\\.ts$'],
  },
  {
    room: 'installation',
    name: 'installation-compares-records',
    comment:
      'lib/installation compares data directory and database before anything runs: all that it knows of the house is lib/db and the names of logs.',
    sees: ['db', '^lib/broker/messages/log-name\\.ts$'],
  },
  {
    room: 'definitions',
    name: 'definitions-are-text',
    comment:
      'lib/definitions turns text into definitions of any broker and back: who asks for it hands in what it knows.',
    sees: ['engine', 'fields', 'json', 'users'],
  },
  {
    room: 'deadletter',
    name: 'dead-letters-work-over-the-port',
    comment:
      'lib/deadletter works over any broker: ask lib/engine/port.ts, and leave roles and the audit to lib/operations.',
    sees: ['engine', 'fields'],
  },
  {
    room: 'metrics',
    name: 'metrics-come-from-samples',
    comment: 'lib/metrics makes rates and histories of samples: who shows them asks it, it asks nobody but the port.',
    sees: ['engine', 'figures'],
  },
  {
    room: 'health',
    name: 'health-comes-from-samples',
    comment: 'lib/health says what deserves a look: who shows it asks it, it asks nobody but the port and lib/metrics.',
    sees: ['engine'],
    types: ['metrics'],
  },
  {
    room: 'lists',
    name: 'lists-come-from-samples',
    comment: 'lib/lists makes the lists of the port from samples: what a door wants of a row, the door adds.',
    sees: ['engine', 'health'],
    types: ['metrics'],
  },
  {
    room: 'web',
    name: 'web-is-below-the-apis',
    comment:
      'lib/web is what all HTTP needs, whichever API it is for: hand in what an API knows as a parameter, or move it there.',
    sees: ['engine', '^lib/client/nonce-header\\.ts$'],
  },
  {
    room: 'prometheus',
    name: 'prometheus-tells-figures',
    comment:
      'lib/prometheus tells the figures of any broker: what it needs of samples, lib/engine/figures.ts says; what it shares with an API stands in lib/web.',
    sees: ['engine', 'figures', 'web'],
  },
  {
    room: 'operations',
    name: 'operations-know-no-door',
    comment:
      'lib/operations is what can be done, whichever door it is asked for at: hand in what a door knows as its input.',
    sees: ['audit', 'deadletter', 'definitions', 'engine', 'web', 'fields', 'figures', 'json', 'users', FIELD_TYPE],
    types: ['auth', 'metrics'],
  },
  {
    room: 'console',
    name: 'console-is-a-door',
    comment:
      'lib/console is the door of the pages: it performs lib/operations, asks lib/engine/port.ts and not what is behind it, and knows no other door.',
    sees: ['operations', 'deadletter', 'health', 'engine', 'web', 'fields', 'figures', 'json', 'users', LOG],
    types: ['audit', 'auth', 'metrics'],
  },
  {
    room: 'management',
    name: 'management-is-a-door',
    comment:
      "lib/management is the door of RabbitMQ's API: it performs lib/operations, asks lib/engine/port.ts and not what is behind it, and knows of lib/console its desk and sight.",
    sees: [
      'operations',
      'definitions',
      'auth',
      'pattern',
      'engine',
      'web',
      'fields',
      'figures',
      'json',
      'users',
      '^lib/console/(desk|sight)\\.ts$',
      LOG,
    ],
    types: ['metrics'],
  },
  {
    room: 'client',
    name: 'client-asks-over-http',
    comment: 'lib/client runs in a browser: code of the server has no place there, the types of what it answers have.',
    sees: ['fields', 'figures', 'json', 'users', FIELD_TYPE, LOCAL_CLUSTER, ACTIONS],
    types: ['console', 'deadletter', 'engine', 'health', 'metrics', 'operations'],
  },
];

const patternOf = (/** @type {string} */ seen) => {
  if (seen.startsWith('^')) return seen;
  return seen === 'engine' ? '^lib/engine/(?!embedded/)' : `^lib/${seen}/`;
};

/** A row as rules: nothing but what the room sees; and of some of that types alone. */
const roomRules = ROOMS.flatMap(({ room, name, comment, isAlone = false, sees, types = [] }) => {
  const from = { path: patternOf(room) };
  const all = [room, ...sees, ...types].map(patternOf);
  const house = isAlone ? {} : { path: '^(lib|app|components)/' };
  const rule = { name, severity: 'error', comment, from, to: { ...house, pathNot: all } };
  if (types.length === 0) return [rule];
  const callsNobody = {
    name: `${room}-sees-types-only`,
    severity: 'error',
    comment: `Of this lib/${room} sees types, and is handed the thing itself: ${comment}`,
    from,
    to: { path: types.map(patternOf), ...TYPES_ONLY },
  };
  return [rule, callsNobody];
});

/**
 * Things that hold each other, so that their types do; ARCHITECTURE.md names them. A binding joins an exchange and a queue,
 * both know their bindings, a queue its consumers and its owner, each of these its queues. A channel writes through its
 * connection, which has its channels. Nobody is added without such a reason.
 */
const GRAPHS = [
  '^lib/broker/(queues/(queue|queue-surroundings|owner)|consumers/(consumer|consumer-ring)|exchanges/(exchange|exchange-type|binding))\\.ts$',
  '^lib/server/(channel|channel-table|connection|handshake)\\.ts$',
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...roomRules,
    {
      name: 'no-cycle',
      severity: 'error',
      comment: 'Two files that need each other are one file or three: move what both need into a third.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-cycle-of-types',
      severity: 'error',
      comment:
        'Neither can be understood without the other: let one say in a type of its own what it needs, or move what both need into a third. ARCHITECTURE.md names the cycles that are right.',
      from: { pathNot: [...GRAPHS, '^lib/db/generated/'] },
      to: { circular: true },
    },
    {
      name: 'resolvable',
      severity: 'error',
      comment: 'This import leads nowhere: mend its path, or add the package with an exact version.',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-development-package-at-run-time',
      severity: 'error',
      comment:
        'The built server has no devDependencies: move the package to dependencies, or the code to scripts or test.',
      from: { path: '^(app|components|lib|instrumentation)', pathNot: '^app/globals' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'pattern-has-one-door',
      severity: 'error',
      comment: 'How patterns are matched is known in lib/pattern only: ask lib/pattern/pattern.ts.',
      from: { path: '^(lib|app|components)/', pathNot: '^lib/pattern/' },
      to: { path: '^lib/pattern/', pathNot: '^lib/pattern/(pattern|invalid-pattern)\\.ts$' },
    },
    {
      name: 'broker-does-no-io',
      severity: 'error',
      comment: 'lib/broker decides and does not act: let a port do it, implemented in lib/store, lib/db or lib/server.',
      from: { path: '^lib/broker/' },
      to: { path: NODE_IO },
    },
    {
      name: 'broker-uses-no-package',
      severity: 'error',
      comment: 'What AMQP means needs no package: lib/broker is plain TypeScript.',
      from: { path: '^lib/(broker|amqp)/' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-optional'] },
    },
    {
      name: 'sockets-in-server-only',
      severity: 'error',
      comment: 'lib/server is the only room with sockets: ask the engine port instead.',
      // A list of addresses is no socket.
      from: { path: '^(lib|app|components)/', pathNot: '^lib/(server/|web/trusted-proxies\\.ts$)' },
      to: { path: '^(node:)?(net|tls|dgram)$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'prisma-in-db-only',
      severity: 'error',
      comment: 'lib/db is the only room that speaks Prisma: give it a function that says what you need.',
      from: { path: '^(lib|app|components|instrumentation)', pathNot: '^lib/db/' },
      to: { path: ['^lib/db/generated/', 'node_modules/(@prisma|prisma)/'] },
    },
    {
      name: 'boot-picks-the-adapters',
      severity: 'error',
      comment: 'Everyone else speaks to lib/engine/port.ts: only lib/boot.ts knows which broker it is.',
      from: { path: '^(lib|app|components)/', pathNot: ['^lib/boot\\.ts$', '^lib/engine/embedded/'] },
      to: { path: '^lib/engine/embedded/' },
    },
    {
      name: 'doors-find-what-runs',
      severity: 'error',
      comment: 'What a start has built is found by the doors in app/ and handed on: take it as a parameter.',
      from: {
        path: '^(lib|app|components)/',
        pathNot: ['^lib/boot\\.ts$', '^app/(.*/route|signed-in|known-cluster)\\.ts$'],
      },
      to: { path: '^lib/running\\.ts$' },
    },
    {
      name: 'doors-perform-operations',
      severity: 'error',
      comment:
        'What changes something is an operation, which both doors perform and the audit keeps: put it into lib/operations.',
      from: { path: '^lib/(console|management)/' },
      to: { path: '^lib/(audit/keep-note|deadletter/replay)\\.ts$', ...TYPES_ONLY },
    },
    {
      name: 'pages-are-thin',
      severity: 'error',
      comment:
        'A page asks over HTTP through lib/client: the server side is reached by route handlers, by asking who is signed in and which clusters there are.',
      from: { path: '^app/', pathNot: '(/route|^app/signed-in|^app/known-cluster)\\.ts$' },
      to: { path: '^lib/', pathNot: '^lib/(client|users)/', ...TYPES_ONLY },
    },
    {
      name: 'components-see-the-client',
      severity: 'error',
      comment: 'Components take props and use lib/client: what they need of the server, lib/client asks for and types.',
      from: { path: '^components/' },
      to: { path: '^lib/', pathNot: ['^lib/client/', SHARED, ACTIONS] },
    },
    {
      name: 'browser-has-no-node',
      severity: 'error',
      comment: 'This runs in a browser, which has no Node modules.',
      from: { path: ['^(components|lib/client)/', SHARED, ACTIONS] },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'ui-knows-no-noun',
      severity: 'error',
      comment: 'components/ui knows no word of AMQP: pass what it shows as props.',
      from: { path: '^components/ui/' },
      to: { path: '^(lib|components)/', pathNot: '^(components/ui/|lib/client/formats\\.ts$)' },
    },
    {
      name: 'nobody-imports-pages',
      severity: 'error',
      comment: 'app/ is the outermost layer: move what is shared to components or lib.',
      from: { path: '^(lib|components|scripts|bench|demo)/' },
      to: { path: '^app/' },
    },
    {
      name: 'product-knows-no-test',
      severity: 'error',
      comment: 'What runs in production does not import tests, benchmarks or scripts.',
      from: { path: '^(app|components|lib|instrumentation)' },
      to: { path: '^(test|bench|demo|scripts)/' },
    },
  ],
  options: {
    // TypeScript 7 has no API for it: with the default parser it would see no module and report success.
    parser: 'swc',
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(\\.next|node_modules/.*/node_modules)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
