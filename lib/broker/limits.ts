/** Every bound of the broker, in one place. Sizes in bytes, times in milliseconds, the rest in pieces. */
export const LIMITS = {
  nameBytesMax: 255,
  messageBytesMax: 16 * 1024 * 1024,
  channelsMax: 2047,
  frameBytesMax: 131_072,
  /**
   * The protocol's own. RabbitMQ asks for 8192 since 4.1 and so shuts out clients that offer this one, amqplib before
   * 0.10.7 among them.
   */
  frameBytesMin: 4096,
  /** Before tune-ok a client may not send larger frames. */
  handshakeFrameBytesMax: 8192,
  handshakeMs: 10_000,
  heartbeatSeconds: 60,
  /**
   * How long a connection that this side has closed waits for close-ok: the time of its heartbeat, and no longer than
   * this.
   */
  closeOkMsMax: 30_000,
  /** How long a client has to take the last of what it is sent and to close its socket. */
  finishMs: 5_000,
  /** How long a client that closed its connection has to close the socket. */
  farewellMs: 1_000,
  /** How long a connection waits for its end after frames that made no sense: no close-ok can be read. */
  lostSyncCloseMs: 3_000,
  /** A client that cannot hear why it is refused loses its socket after this pause; RabbitMQ takes three seconds. */
  silentCloseMs: 300,
  /** Longest x-expires and x-message-ttl: ten years. */
  ttlMsMax: 315_360_000_000,
  priorityMax: 255,
  /** The keys of one message's BCC together: they are kept with it. */
  blindKeysBytesMax: 65_000,
  consumersPerChannelMax: 65_535,
  /** Messages that one turn of an expiry or a drop may settle before others get their turn. */
  expiredPerTurnMax: 1000,
  /** Ready messages of a queue beyond which publishers are slowed while its consumers are held up by their sockets. */
  backlogBeforeThrottle: 50_000,
  /** Copies of messages that one round of the event loop may make before others get their turn. */
  copiesPerRound: 50_000,
  routeCacheEntries: 512,
  /** What the explanation of a route names at most, and how many bindings are looked at for it. */
  tracedExchangesMax: 200,
  tracedBindingsMax: 1000,
  tracedQueuesMax: 1000,
  examinedBindingsMax: 5_000,
  /** Ids that a deduplicating exchange remembers, however many x-cache-size asks for. */
  deduplicationIdsMax: 10_000_000,
  /** How often a message of a quorum queue may come back when nothing else was said. */
  deliveryLimit: 20,
  /** A dead letter that must not get lost and that nobody took is sent again after this time. */
  deadLetterRetryMs: 5_000,
  /** Queues whose dead letters are followed to their targets before others get their turn. */
  deadLetterWaysPerTurnMax: 2_000,
  /**
   * A stream gives up its oldest messages in pieces; smaller ones are not made, whatever was asked for, and no larger
   * ones.
   */
  streamStretchBytesMin: 4 * 1024,
  streamStretchBytesMax: 8 * 1024 * 1024,
  /** Messages that one turn may pass over for a consumer with a filter before others get their turn. */
  filteredPerTurnMax: 1000,
  /** Largest x-stream-max-segment-size-bytes. */
  streamSegmentBytesMax: 3_000_000_000,
  /** How long a delivery may wait for its ack where no policy says otherwise, and how often that is looked at. */
  ackTimeoutMs: 30 * 60_000,
  ackTimeoutCheckMs: 5_000,
  /** How long a client may take nothing of what it is sent, and how often that is looked at. */
  sendTimeoutMs: 30_000,
  sendTimeoutCheckMs: 2_000,
  /** Rates of connections and channels are taken over this time. */
  rateIntervalMs: 5_000,
  /** Objects that came, went or changed and are told by name; beyond that, watchers are told to look anew. */
  changesMax: 1000,
  /** What patterns may cost in one turn, when those of a vhost are tried on all that is in it, before others get theirs. */
  patternStepsPerTurn: 2_000_000,
  /** Instructions of the patterns of all policies of a vhost; a usual pattern has ten to a hundred. */
  policyPatternsSizeMax: 100_000,
  /** Tags of one user or one vhost. */
  tagsMax: 32,
} as const;
