export const EXCHANGES = ['direct', 'fanout', 'topic', 'headers'] as const;
export const QUEUES = ['q1', 'q2', 'q3', 'q4'] as const;
