/** The settings for programs that start Next: what is wrong is said before anything is built or started. */
import { createServer } from 'node:net';
import { readConfig } from '../lib/config.ts';

/** The settings, after a look whether the console's port is free; a problem ends the process with one line. */
export async function readSettings() {
  try {
    const config = readConfig();
    await requireFreePort(config.host, config.consolePort);
    return config;
  } catch (error) {
    console.error(`Warren cannot start: ${error instanceof Error ? error.message : String(error)}`);
    return process.exit(1);
  }
}

/**
 * Next would say it with a stack.
 * @param {string} host
 * @param {number} port
 * @returns {Promise<void>}
 */
function requireFreePort(host, port) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      const inUse = `port ${port} on ${host} is in use; set PORT to another for the console`;
      reject(new Error(error.code === 'EADDRINUSE' ? inUse : `cannot listen on ${host}:${port}: ${error.message}`));
    });
    server.listen({ host, port }, () => server.close(() => resolve()));
  });
}
