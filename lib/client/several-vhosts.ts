import { useQuery } from '@tanstack/react-query';
import { vhostsQuery } from './overview.ts';

/** Whether lists need a column for the vhost: there are several, and the filter shows all of them. */
export function useShowVhost(filter: string | undefined): boolean {
  const vhosts = useQuery(vhostsQuery()).data?.names ?? [];
  return filter === undefined && vhosts.length > 1;
}
