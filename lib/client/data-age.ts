import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

/** How old what the page shows is, and whether it should be younger. */
export interface DataAge {
  /** The age of what is renewed most often; null until something has come. */
  ageMs: number | null;
  /** Something failed to be renewed, or is long overdue. */
  late: boolean;
}

const MEASURE_EVERY_MS = 500;
const OVERDUE_MS = 3000;

export function useDataAge(): DataAge {
  const client = useQueryClient();
  const [age, setAge] = useState<DataAge>({ ageMs: null, late: false });
  useEffect(() => {
    const measure = () => {
      const nowMs = Date.now();
      const live = client
        .getQueryCache()
        .getAll()
        .flatMap(({ observers, state }) => {
          // Only what is refreshed: an answer that is fetched once is not late by being old.
          const interval = observers.find(({ options }) => options.refetchInterval !== undefined)?.options
            .refetchInterval;
          if (interval === undefined || state.dataUpdatedAt === 0) return [];
          const ageMs = Math.max(0, nowMs - state.dataUpdatedAt);
          const everyMs = typeof interval === 'number' ? interval : 0;
          const overdue = everyMs > 0 && ageMs > everyMs + OVERDUE_MS;
          return { ageMs, everyMs, late: overdue || state.fetchFailureCount > 0 || state.status === 'error' };
        });
      const often = Math.min(...live.map(({ everyMs }) => everyMs));
      const ages = live.filter(({ everyMs }) => everyMs === often).map(({ ageMs }) => ageMs);
      setAge({ ageMs: ages.length === 0 ? null : Math.max(...ages), late: live.some(({ late }) => late) });
    };
    measure();
    const timer = setInterval(measure, MEASURE_EVERY_MS);
    return () => clearInterval(timer);
  }, [client]);
  return age;
}
