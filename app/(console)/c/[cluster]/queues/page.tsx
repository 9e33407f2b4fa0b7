import { QueuesView } from './queues-view.tsx';

export const metadata = { title: 'Queues' };

export default function Page() {
  return <QueuesView />;
}
