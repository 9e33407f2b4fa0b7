import { type CounterTable, rowKey } from '../engine/sample.ts';
import { Rows } from './rows.ts';

/** The rows of all queues of each vhost added up, by `rowKey(vhost, '')`. A vhost without queues is not among them. */
export class VhostSums {
  private readonly width: number;
  private queues: readonly string[] = [];
  private vhosts: string[] = [];
  /** By queue: the row of its vhost. Made anew only when there are other queues. */
  private places = new Uint32Array(0);
  private before: Rows | undefined;

  constructor(width: number) {
    this.width = width;
  }

  of(table: CounterTable, atMs: number): Rows {
    if (table.keys !== this.queues) this.place(table.keys);
    const { width, places, vhosts } = this;
    const values = new Float64Array(vhosts.length * width);
    for (let row = 0; row < places.length; row++) {
      const at = (places[row] as number) * width;
      for (let i = 0; i < width; i++)
        values[at + i] = (values[at + i] as number) + (table.values[row * width + i] as number);
    }
    this.before = new Rows({ keys: vhosts, values }, width, this.before, atMs);
    return this.before;
  }

  private place(keys: readonly string[]): void {
    const rows = new Map<string, number>();
    this.queues = keys;
    this.places = Uint32Array.from(keys, (key) => {
      const vhost = rowKey(key.slice(0, key.indexOf('\0')), '');
      const row = rows.get(vhost) ?? rows.size;
      rows.set(vhost, row);
      return row;
    });
    this.vhosts = [...rows.keys()];
  }
}
