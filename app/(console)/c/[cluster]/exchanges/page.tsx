import { ExchangesView } from './exchanges-view.tsx';

export const metadata = { title: 'Exchanges' };

export default function Page() {
  return <ExchangesView />;
}
