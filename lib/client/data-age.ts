import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

/** When the data on the page is from, and whether the last attempt to renew it failed. */
export interface DataAge {
  /** Null until something has come. */
  atMs: number | null;
  nowMs: number;
  failing: boolean;
}

export function useDataAge(): DataAge {
  const client = useQueryClient();
  const [age, setAge] = useState<DataAge>({ atMs: null, nowMs: 0, failing: false });
  useEffect(() => {
    const look = () => {
      // Only what is refreshed: an answer that is fetched once is not stale by being old.
      const live = client
        .getQueryCache()
        .getAll()
        .filter((query) => query.observers.some((observer) => observer.options.refetchInterval !== undefined));
      const times = live.map((query) => query.state.dataUpdatedAt).filter((time) => time > 0);
      // The oldest of them: the page is as old as its oldest part.
      const atMs = times.length === 0 ? null : Math.min(...times);
      setAge({
        atMs,
        nowMs: Date.now(),
        failing: live.some((query) => query.state.status === 'error' || query.state.fetchFailureCount > 0),
      });
    };
    look();
    const timer = setInterval(look, 500);
    return () => clearInterval(timer);
  }, [client]);
  return age;
}
