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

/** Things that hold each other, so that their types do: nobody is added without the reason in ARCHITECTURE.md. */
const GRAPHS = [
  '^lib/broker/(queues/(queue|queue-surroundings|owner)|consumers/(consumer|consumer-ring)|exchanges/(exchange|exchange-type|binding))\\.ts$',
  '^lib/server/(channel|channel-table|connection|handshake)\\.ts$',
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
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
      name: 'amqp-stands-alone',
      severity: 'error',
      comment: 'lib/amqp turns bytes into methods and back, nothing else: hand in what it needs as a parameter.',
      from: { path: '^lib/amqp/' },
      to: { pathNot: '^lib/amqp/' },
    },
    {
      name: 'json-stands-alone',
      severity: 'error',
      comment: 'lib/json turns text into values and back, nothing else: hand in what it needs as a parameter.',
      from: { path: '^lib/json/' },
      to: { pathNot: '^lib/json/' },
    },
    {
      name: 'fields-know-types-and-json',
      severity: 'error',
      comment: 'lib/fields runs in a browser too: it sees lib/json and what lib/amqp/field-type.ts says of types.',
      from: { path: '^lib/fields/' },
      to: { pathNot: '^lib/(json/|fields/|amqp/field-type\\.ts$)' },
    },
    {
      name: 'figures-stand-alone',
      severity: 'error',
      comment: 'lib/figures says what is counted and how it is called: whoever counts, keeps or tells derives from it.',
      from: { path: '^lib/figures/' },
      to: { pathNot: '^lib/figures/' },
    },
    {
      name: 'pattern-stands-alone',
      severity: 'error',
      comment: 'lib/pattern matches names and knows nothing else: hand in what it needs as a parameter.',
      from: { path: '^lib/pattern/' },
      to: { pathNot: '^lib/pattern/' },
    },
    {
      name: 'users-stand-alone',
      severity: 'error',
      comment: 'lib/users says what roles and hashes there are, nothing else: who a user is, others know.',
      from: { path: '^lib/users/' },
      to: { pathNot: '^lib/users/' },
    },
    {
      name: 'pattern-has-one-door',
      severity: 'error',
      comment: 'How patterns are matched is known in lib/pattern only: ask lib/pattern/pattern.ts.',
      from: { path: '^(lib|app|components)/', pathNot: '^lib/pattern/' },
      to: { path: '^lib/pattern/', pathNot: '^lib/pattern/(pattern|invalid-pattern)\\.ts$' },
    },
    {
      name: 'broker-knows-rules-only',
      severity: 'error',
      comment:
        'lib/broker decides and does not act: it sees lib/amqp, lib/figures, lib/json, lib/pattern and lib/users, and the world through lib/broker/ports.ts.',
      from: { path: '^lib/broker/' },
      to: { path: '^(lib|app|components)/', pathNot: '^lib/(amqp|broker|figures|json|pattern|users)/' },
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
      name: 'store-keeps-messages',
      severity: 'error',
      comment: 'lib/store implements a port of lib/broker and knows nothing else of the house.',
      from: { path: '^lib/store/' },
      to: { path: '^(lib|app|components)/', pathNot: '^lib/(store|broker|amqp)/' },
    },
    {
      name: 'server-speaks-to-broker',
      severity: 'error',
      comment: 'lib/server turns sockets into calls of lib/broker: what else it needs, lib/engine/embedded hands in.',
      from: { path: '^lib/server/' },
      to: { path: '^(lib|app|components)/', pathNot: '^lib/(server|broker|amqp|figures)/' },
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
      name: 'db-serves-ports',
      severity: 'error',
      comment: 'lib/db implements ports of others by their types; it never calls them.',
      from: { path: '^lib/db/' },
      to: { path: '^(lib|app|components)/', pathNot: '^lib/(db|json)/', ...TYPES_ONLY },
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
      name: 'console-sees-the-port',
      severity: 'error',
      comment:
        'Both APIs, operations, definitions, dead letters, metrics, health, lists and Prometheus work over any broker: use lib/engine/port.ts, not what is behind it.',
      from: { path: '^lib/(console|management|operations|definitions|deadletter|health|lists|metrics|prometheus)/' },
      to: { path: '^lib/(broker|server|store|amqp|db)/', pathNot: SHARED, ...TYPES_ONLY },
    },
    {
      name: 'audit-says-what-it-is',
      severity: 'error',
      comment:
        'lib/audit is what an entry is and how it comes to be: lib/db keeps the rows, and who acts hands in what it knows.',
      from: { path: '^lib/audit/' },
      to: { path: '^(lib|app|components)/', pathNot: '^lib/(audit/|json/|log\\.ts$|engine/(actor|errors)\\.ts$)' },
    },
    {
      name: 'operations-know-no-door',
      severity: 'error',
      comment:
        'lib/operations is what can be done, whichever door it is asked for at: hand in what a door knows as its input.',
      from: { path: '^lib/operations/' },
      to: {
        path: '^(lib|app|components)/',
        pathNot: ['^lib/(operations|audit|engine|deadletter|definitions|web)/', SHARED],
        ...TYPES_ONLY,
      },
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
      name: 'web-is-below-the-apis',
      severity: 'error',
      comment:
        'lib/web is what all HTTP needs, whichever API it is for: hand in what an API knows as a parameter, or move it there.',
      from: { path: '^lib/web/' },
      to: { path: '^(lib|app|components)/', pathNot: '^lib/(web/|auth/|audit/|engine/|client/nonce-header\\.ts$)' },
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
      comment:
        'Components take props and use lib/client: code of the server has no place in a browser, its types have.',
      from: { path: '^(components|lib/client)/' },
      to: { path: '^lib/', pathNot: ['^lib/client/', SHARED, ACTIONS], ...TYPES_ONLY },
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
