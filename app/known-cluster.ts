import { LOCAL_CLUSTER } from '@/lib/local-cluster.ts';
import { clustersNow } from '@/lib/running.ts';

/** Whether there are pages of that cluster. While nothing runs those of the local one say so themselves. */
export function isKnownCluster(id: string): boolean {
  return clustersNow()?.has(id) ?? id === LOCAL_CLUSTER;
}
