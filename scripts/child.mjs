/** Commands of this project's own node_modules as child processes that end with this one. */
import { spawn } from 'node:child_process';

/**
 * Runs a Node program and resolves with its exit code. While it runs, signals are passed on to it.
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>}
 */
export function runNode(args, { env = process.env } = {}) {
  const child = spawn(process.execPath, args, { stdio: 'inherit', env });
  /** @param {NodeJS.Signals} signal */
  const passOn = (signal) => child.kill(signal);
  process.on('SIGINT', passOn).on('SIGTERM', passOn);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      process.off('SIGINT', passOn).off('SIGTERM', passOn);
      resolve(signal === 'SIGINT' || signal === 'SIGTERM' ? 130 : (code ?? 1));
    });
  });
}
