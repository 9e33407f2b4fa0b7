import { NewExchangeView } from './new-exchange-view.tsx';

export const metadata = { title: 'New exchange' };

export default function Page() {
  return <NewExchangeView />;
}
