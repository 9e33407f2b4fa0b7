import { defineConfig } from 'prisma/config';

// Only `prisma generate` reads this; scripts/prisma-generate.mjs names the schema on its command line.
export default defineConfig({ schema: 'prisma/.build/sqlite.prisma' });
