import { PublishView } from './publish-view.tsx';

export const metadata = { title: 'Publish' };

export default function Page() {
  return <PublishView />;
}
