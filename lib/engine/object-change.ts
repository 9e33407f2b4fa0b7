/** Something came, went or changed. */
export interface ObjectChange {
  kind: 'vhost' | 'queue' | 'exchange' | 'binding' | 'policy' | 'connection' | 'alarm';
  verb: 'created' | 'deleted' | 'changed';
  /** Null: of the whole broker. */
  vhost: string | null;
  /** The object's name: of a binding its source; of alarms those in effect, such as `memory & disk`, or ''. */
  name: string;
  /** The user of a connection; null elsewhere. */
  user: string | null;
}
