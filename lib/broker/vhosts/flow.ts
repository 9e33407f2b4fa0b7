/** What passed through a vhost since the broker's start, in messages. Plain numbers: rates come from whoever samples them. */
export class Flow {
  published = 0;
  delivered = 0;
  acked = 0;
  redelivered = 0;
  returned = 0;
  unroutable = 0;
  deadLettered = 0;
}
