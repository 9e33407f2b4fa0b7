/** The browser of the console's tests: an installed Chromium, else one is installed. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/opt/google/chrome/chrome',
];

/** Path of an installed browser; undefined: Playwright's own, if it has one. */
export function installedChromium() {
  return [process.env.CHROMIUM_PATH ?? '', ...INSTALLED].find((path) => path !== '' && existsSync(path));
}

/** Installs a Chromium where none is found; false when that fails. */
export async function ensureChromium() {
  const { chromium } = await import('@playwright/test');
  if (installedChromium() !== undefined || existsSync(chromium.executablePath())) return true;
  const isDebianRoot = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  console.log('No Chromium found: installing one for the browser tests.');
  if (isDebianRoot && run('apt-get', ['update', '-q']) && run('apt-get', ['install', '-qy', 'chromium'])) return true;
  return run(process.execPath, ['node_modules/@playwright/test/cli.js', 'install', 'chromium']);
}

/**
 * @param {string} command
 * @param {string[]} args
 */
function run(command, args) {
  return (
    spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
      .status === 0
  );
}
