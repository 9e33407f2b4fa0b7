import { type CounterTable, rowKey } from '../engine/sample.ts';
import { Rows } from './rows.ts';

/** Some columns of the rows of all queues of each vhost added up, by `rowKey(vhost, '')`. A vhost without queues is not among them. */
export class VhostSums {
  private readonly width: number;
  private readonly columns: readonly number[];
  private queues: readonly string[] = [];
  private vhosts: string[] = [];
  /** By queue: the row of its vhost. Made anew only when there are other queues. */
  private places = new Uint32Array(0);
  private before: Rows | undefined;

  /** `width`: of the queues' table; `columns`: what is added up, in this order. */
  constructor(width: number, columns: readonly number[]) {
    this.width = width;
    this.columns = columns;
  }

  of(table: CounterTable, atMs: number): Rows {
    if (table.keys !== this.queues) this.place(table.keys);
    const { width, columns, places, vhosts } = this;
    const values = new Float64Array(vhosts.length * columns.length);
    for (let row = 0; row < places.length; row++) {
      const into = (places[row] as number) * columns.length;
      for (let i = 0; i < columns.length; i++)
        values[into + i] =
          (values[into + i] as number) + (table.values[row * width + (columns[i] as number)] as number);
    }
    this.before = new Rows({ keys: vhosts, values }, columns.length, this.before, atMs);
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
