/**
 * Every difference between Warren's answers and the recorded ones (of a RabbitMQ 3.10) that is meant, with its reason.
 * Whatever differs and is not here fails, and so does what is here and does not differ any more.
 */
export interface Difference {
  reason: string;
  /** As `differencesOf` writes them, without what leads to a row of a list; * stands for anything. */
  differences: readonly string[];
  /** Names of recordings, * stands for anything; left out: any. */
  of?: readonly string[];
}

const QUEUES = ['queue*', 'monitoring-user-queues'];
const NODES = ['node*'];
const METRICS = ['metrics*'];
const OVERVIEWS = ['overview*', 'monitoring-user-overview'];

export const DIFFERENCES: readonly Difference[] = [
  // What Warren is not made of.
  {
    reason: 'the Erlang machine counts reductions and garbage a process: there are no such processes',
    differences: ['missing garbage_collection', 'missing reductions', 'missing reductions_details'],
  },
  {
    reason: 'figures of the Erlang machine, of its database, of its distribution and of how it reads and writes files',
    of: NODES,
    differences: [
      'missing context_switches*',
      'missing gc_*',
      'missing io_*',
      'missing mnesia_*',
      'missing msg_store_*',
      'missing queue_index_*',
      'missing ra_open_file_metrics',
      'missing metrics_gc_queue_length.*',
      'missing net_ticktime',
    ],
  },
  {
    reason: 'how RabbitMQ keeps messages in memory, in an index and on disk: the log of ours has no such parts',
    of: QUEUES,
    differences: [
      'missing backing_queue_status',
      'missing memory',
      'missing message_bytes_paged_out',
      'missing message_bytes_ram',
      'missing messages_paged_out',
      'missing messages_ram',
      'missing messages_ready_ram',
      'missing messages_unacknowledged_ram',
      'missing open_files',
    ],
  },
  {
    reason: 'messages are not counted by whether they are persistent: it would cost every message, for a figure',
    of: QUEUES,
    differences: ['missing message_bytes_persistent', 'missing messages_persistent'],
  },
  {
    reason: 'reads and writes of RabbitMQ’s message store: ours is another',
    of: OVERVIEWS,
    differences: ['missing message_stats.disk_*'],
  },
  {
    reason: 'dead letters that wait for their queue are counted, but not their bytes',
    of: QUEUES,
    differences: ['missing message_bytes_dlx'],
  },
  {
    reason: 'queues are not replicated by Raft: a channel has no commands of it that wait',
    differences: ['missing pending_raft_commands'],
  },
  { reason: 'mirrors are gone with RabbitMQ 4', of: QUEUES, differences: ['missing recoverable_slaves'] },
  {
    reason: 'Erlang’s options of sockets',
    of: [...OVERVIEWS, ...NODES],
    differences: [
      'missing listeners[].socket_opts.*',
      'type listeners[].socket_opts: object, not array or object',
      'missing contexts[].cowboy_opts',
    ],
  },
  {
    reason: 'support is told by a web site of RabbitMQ’s',
    of: OVERVIEWS,
    differences: ['missing release_series_support_status'],
  },
  {
    reason: 'there are no plugins that bring JavaScript, and nothing that a flag switches',
    of: ['extensions', 'feature-flags'],
    differences: ['empty []'],
  },
  { reason: 'settings are variables of the environment', of: NODES, differences: ['empty config_files[]'] },

  // What RabbitMQ 4 says otherwise.
  {
    reason: 'new in RabbitMQ 4',
    differences: [
      'additional being_drained',
      'additional cluster_tags',
      'additional *consumer_timeout',
      'additional crypto_lib_version',
      'additional is_internal_user',
      'additional is_op_policy_updating_enabled',
      'additional memory.metadata_store*',
      'additional node_tags',
      'additional protected_from_deletion',
      'additional listeners[].tls',
      'additional protocols',
    ],
  },
  {
    reason: 'new in RabbitMQ 4',
    of: [...OVERVIEWS, 'vhost*'],
    differences: ['additional default_queue_type', 'additional metadata.default_queue_type'],
  },
  {
    reason: 'new in RabbitMQ 4',
    of: ['deprecated-features', 'version'],
    differences: ['status 200, not 404'],
  },
  {
    reason: 'new in RabbitMQ 4, which names the vhosts of such a file elsewhere',
    of: ['definitions*'],
    differences: [
      'additional rabbitmq_definition_format',
      'additional original_*',
      'additional vhosts[].*',
      'additional queues[].type',
    ],
  },
  {
    reason: 'definitions of one vhost are as in RabbitMQ 4: of any vhost, and with what the vhost is',
    of: ['definitions-vhost'],
    differences: [
      'missing parameters[].vhost',
      'missing policies[].vhost',
      'additional description',
      'additional limits',
      'additional metadata',
      'additional product_*',
      'additional rabbitmq_version',
      'additional tags',
    ],
  },
  { reason: 'a word to who opens the file', of: ['definitions*'], differences: ['additional explanation'] },
  {
    reason: 'as in RabbitMQ 4, where OAuth is told of otherwise',
    of: ['auth'],
    differences: ['missing enable_uaa', 'missing uaa_*', 'additional oauth_enabled'],
  },
  {
    reason: 'the words of RabbitMQ 4',
    of: ['err-401-wrong', 'err-401-not-mgmt'],
    differences: ['reason: "Not_Authorized", not "Login failed"'],
  },

  // What Warren says beyond.
  {
    reason: 'rows of all kinds have the same fields; null or 0 where a kind has no such thing',
    of: QUEUES,
    differences: [
      'additional consumer_capacity',
      'additional consumer_utilisation',
      'additional exclusive_consumer_tag',
      'additional head_message_timestamp',
      'additional idle_since',
      'additional leader',
      'additional message_bytes',
      'additional message_bytes_*',
      'additional single_active_consumer_tag',
    ],
  },
  {
    reason: 'the type of a queue is one of its arguments, as in RabbitMQ 4',
    of: ['queue-*', 'queues-regex'],
    differences: ['additional arguments.<name>'],
  },
  {
    reason: 'Erlang’s undefined, as RabbitMQ 3.10 writes of a queue that it knows little of',
    of: ['queues-stats-off'],
    differences: ['missing totals', 'missing type_specific', 'type exclusive: boolean, not boolean or null'],
  },
  {
    reason: 'as in RabbitMQ 4: a consumer tag is one, whatever the kind of the queue',
    of: QUEUES,
    differences: ['missing single_active_consumer_ctag'],
  },
  {
    reason: 'who monitors looks at the queues of all vhosts, not only of those to log in to',
    of: ['monitoring-user-queues'],
    differences: ['filled []'],
  },
  {
    reason: 'what a stream keeps',
    of: QUEUES,
    differences: ['additional first_offset', 'additional next_offset', 'additional segments'],
  },
  { reason: 'null where no policy is in effect', of: ['exchange*'], differences: ['additional policy'] },
  {
    reason: 'the whole row, where RabbitMQ 3.10 has only its name and place',
    of: ['connections-username'],
    differences: ['additional *'],
  },
  {
    reason: 'a vhost that nobody uses has figures too: 0',
    of: ['vhost*'],
    differences: ['additional messages*', 'additional recv_oct*', 'additional send_oct*'],
  },
  {
    reason: 'a null is a null: RabbitMQ writes an atom of Erlang',
    of: ['get-*'],
    differences: ['type properties.headers.<name>[].n: null, not string'],
  },

  // Pages of metrics.
  {
    reason: 'figures of the Erlang machine, of its database and of Raft',
    of: METRICS,
    differences: [
      'missing family erlang_*',
      'missing family rabbitmq_erlang_*',
      'missing family rabbitmq_raft_*',
      'missing family rabbitmq_schema_db_*',
      'missing family *_process_reductions_total',
    ],
  },
  {
    reason: 'how RabbitMQ keeps messages in memory, in an index and on disk',
    of: METRICS,
    differences: [
      'missing family rabbitmq_io_*',
      'missing family rabbitmq_msg_store_*',
      'missing family rabbitmq_queue_index_*',
      'missing family rabbitmq_queue_disk_*',
      'missing family rabbitmq_queue_messages_paged_out*',
      'missing family rabbitmq_queue_messages_*ram*',
      'missing family rabbitmq_queue_process_memory_bytes',
    ],
  },
  {
    reason: 'messages are not counted by whether they are persistent: it would cost every message, for a figure',
    of: METRICS,
    differences: ['missing family rabbitmq_queue_messages_persistent*'],
  },
  {
    reason: 'bytes in and out of queues: a figure that RabbitMQ does not have',
    of: METRICS,
    differences: ['additional family warren_queue_messages_*_bytes_total'],
  },
  {
    reason: 'streams are spoken by AMQP alone: there is no stream protocol to fail',
    of: METRICS,
    differences: ['missing family rabbitmq_global_stream_error_*'],
  },
  {
    reason: 'told by the Erlang library that writes the page',
    of: METRICS,
    differences: ['missing family telemetry_scrape_*'],
  },
  {
    reason: 'attempts to log in are not counted by user and address, nor are they by default with RabbitMQ',
    of: METRICS,
    differences: ['missing family rabbitmq_auth_attempts_detailed_*'],
  },
  {
    reason: 'the first message of a queue may be on the disk: it is read for the page of one queue',
    of: METRICS,
    differences: ['missing family rabbitmq_queue_head_message_timestamp'],
  },
  {
    reason: 'bytes wait, not packets, and the API tells them as send_pend',
    of: METRICS,
    differences: ['missing family rabbitmq_*connection_pending_packets'],
  },
  {
    reason: 'a gauge is said to be one',
    of: METRICS,
    differences: ['type of rabbitmq_alarms_*: gauge, not untyped'],
  },
  {
    reason: 'as in RabbitMQ 4, where a connection is no channel',
    of: METRICS,
    differences: ['labels of rabbitmq_*connection_*: connection, not channel'],
  },
  {
    reason: 'a channel does not count by the exchanges and queues that it uses, nor a queue by who fills it',
    of: METRICS,
    differences: [
      'labels of rabbitmq_channel_*: channel, not channel,*,vhost',
      'labels of rabbitmq_queue_messages_published_total: queue,vhost, not *',
    ],
  },
  {
    reason: 'new in RabbitMQ 4',
    of: METRICS,
    differences: [
      'labels of rabbitmq_build_info: *,product_name,product_version,*, not *',
      'labels of rabbitmq_identity_info: *,rabbitmq_endpoint,*, not *',
      'additional family rabbitmq_message_size_bytes',
      'additional family rabbitmq_queue_info',
      'additional family rabbitmq_queue_messages_acked_total',
      'additional family rabbitmq_queue_messages_redelivered_total',
    ],
  },
  {
    reason: 'what is said of the node is said on every page but that of details',
    of: METRICS,
    differences: ['additional family process_start_time_seconds', 'additional family rabbitmq_alarms_*'],
  },

  // Headers.
  {
    reason: 'no answer is to be kept, a refusal least of all',
    differences: ['header cache-control: no-cache, not (none)'],
  },
  {
    reason: 'one list for all: the longest',
    differences: ['header vary: accept, accept-encoding, origin, not *'],
  },
  {
    reason: 'the hash of the arguments may be any; the key is percent-encoded once',
    of: ['post-binding'],
    differences: ['header location: rec.new/r%20k~*, not rec.new/r%2Bk~Ajat_Q'],
  },

  // Texts.
  {
    reason: 'a text, where RabbitMQ shows a term of Erlang',
    of: ['publish-bad-base64', 'put-permission-bad'],
    differences: ['type reason: string, not array', 'reason: "not_base64", not *', 'reason: "invalid_regexp *, not *'],
  },
  {
    reason: 'says what is missing, where RabbitMQ fails',
    of: ['post-definitions-bad'],
    differences: ['reason: "queues[0]: name is missing", not "function_clause"'],
  },

  // What Warren tells less of.
  {
    reason: 'no history is kept of each connection and channel: their rate is told, without samples',
    of: ['connection-load-rates', 'channel-load-rates'],
    differences: ['missing *_details.samples', 'missing *_details.avg', 'missing *_details.avg_rate'],
  },
  {
    reason: 'the operating system is asked for these when somebody asks for the node: there is no history',
    of: ['node-rates'],
    differences: ['missing fd_used_details.*', 'missing proc_used_details.*', 'missing disk_free_details.*'],
  },
  {
    reason: 'the first message of a queue may be on the disk: it is read for the page of one queue',
    of: QUEUES,
    differences: ['missing head_message_timestamp'],
  },

  // The clients of this test.
  {
    reason: 'amqplib tells its capabilities, the client that made the recorded load did not',
    of: ['connection-load-rates'],
    differences: ['type client_properties.<name>: object or string, not string'],
  },
];
