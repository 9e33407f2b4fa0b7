/** Something came, went or changed. */
export interface ObjectChange {
  kind: 'vhost' | 'queue' | 'exchange' | 'binding' | 'policy' | 'connection' | 'alarm';
  verb: 'created' | 'deleted' | 'changed';
  /** Null: of the whole broker. */
  vhost: string | null;
  /** Of a binding its source; of alarms those in effect, such as `memory & disk`, or ''. */
  name: string;
  /** Whose connection it is; null elsewhere. */
  user: string | null;
}
