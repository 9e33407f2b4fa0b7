import { Unplug } from 'lucide-react';
import { ButtonLink } from '@/components/ui/button.tsx';
import { EmptyState } from '@/components/ui/empty-state.tsx';
import { paths } from '@/lib/client/paths.ts';

/** For an address below a cluster that is not there. */
export default function NoSuchCluster() {
  return (
    <>
      <title>No such cluster · Warren</title>
      <EmptyState
        icon={Unplug}
        title="There is no such cluster"
        actions={<ButtonLink href={paths.overview}>The local cluster</ButtonLink>}
      >
        The console shows the broker that runs with it. In addresses it is called local.
      </EmptyState>
    </>
  );
}
