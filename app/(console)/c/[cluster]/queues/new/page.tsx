import { NewQueueView } from './new-queue-view.tsx';

export const metadata = { title: 'New queue' };

export default function Page() {
  return <NewQueueView />;
}
