import { OverviewView } from './overview-view.tsx';

export const metadata = { title: 'Overview' };

export default function Page() {
  return <OverviewView />;
}
