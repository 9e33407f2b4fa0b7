import { DeadLettersView } from './dead-letters-view.tsx';

export const metadata = { title: 'Dead letters' };

export default function Page() {
  return <DeadLettersView />;
}
