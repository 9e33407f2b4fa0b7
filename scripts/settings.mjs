/** The settings for programs that start Next: what is wrong is said before anything is built or started. */
import { createServer } from 'node:net';
import { readConfig } from '../lib/config.ts';
import { listenOn } from '../lib/server/listening.ts';

/** The settings, after a look whether the console's port is free; a problem ends the process with one line. */
export async function readSettings() {
  try {
    const config = readConfig();
    await requireFreePort(config.hosts, config.consolePort);
    return config;
  } catch (error) {
    console.error(`Warren cannot start: ${error instanceof Error ? error.message : String(error)}`);
    return process.exit(1);
  }
}

/**
 * Next would say it with a stack.
 * @param {readonly string[]} hosts
 * @param {number} port
 */
async function requireFreePort(hosts, port) {
  const { close } = await listenOn(createServer(), 'console', hosts, port).catch((error) => {
    throw new Error(`${error.message}; set PORT to another`);
  });
  close();
}
