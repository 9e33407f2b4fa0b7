/** A disk that a test can fill until the broker is low on it, and clear again. */
import { accessSync, constants, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MIB = 1024 ** 2;
/** The room that is left over the limit, for whatever else writes to this disk meanwhile. */
const SPARE_BYTES = 96 * MIB;

/** In memory where there is such a disk: hardly anybody else writes there. */
function place(): string {
  try {
    accessSync('/dev/shm', constants.W_OK);
    return freeBytes('/dev/shm') > 4 * SPARE_BYTES ? '/dev/shm' : tmpdir();
  } catch {
    return tmpdir();
  }
}

function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}

export class CrowdedDisk {
  readonly #folder = mkdtempSync(join(place(), 'warren-disk-'));

  /** Settings of a broker that keeps its messages there. */
  readonly settings = {
    WARREN_DATA_DIR: join(this.#folder, 'data'),
    WARREN_DISK_FREE_LIMIT: String(freeBytes(this.#folder) - SPARE_BYTES),
  };

  fill(): void {
    writeFileSync(join(this.#folder, 'ballast'), Buffer.alloc(2 * SPARE_BYTES, 1));
  }

  clear(): void {
    rmSync(join(this.#folder, 'ballast'));
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
