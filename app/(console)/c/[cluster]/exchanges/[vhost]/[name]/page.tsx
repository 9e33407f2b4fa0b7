import { exchangeLabel } from '@/lib/client/formats.ts';
import { nameOf } from '@/lib/client/paths.ts';
import { ExchangeView } from './exchange-view.tsx';

type Params = { params: Promise<{ vhost: string; name: string }> };

export async function generateMetadata({ params }: Params) {
  return { title: exchangeLabel(nameOf((await params).name)) };
}

export default async function Page({ params }: Params) {
  const { vhost, name } = await params;
  return <ExchangeView vhost={nameOf(vhost)} name={nameOf(name)} />;
}
