/** Node from this version on runs TypeScript files and the native SQLite binding; older ones crash without a word. */
const OLDEST = [22, 18];

/** Ends the process with one clear line where Node is too old. Call it before anything else is imported. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  console.error(
    `Warren needs Node ${OLDEST.join('.')} or newer and this is ${process.version}. ` +
      'Start it through npm after `npm ci`, which brings one along on x64 Linux, or install a newer Node.',
  );
  process.exit(1);
}
