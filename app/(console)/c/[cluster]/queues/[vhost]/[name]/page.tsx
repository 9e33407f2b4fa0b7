import { nameOf } from '@/lib/client/paths.ts';
import { QueueView } from './queue-view.tsx';

type Params = { params: Promise<{ vhost: string; name: string }> };

export async function generateMetadata({ params }: Params) {
  return { title: nameOf((await params).name) };
}

export default async function Page({ params }: Params) {
  const { vhost, name } = await params;
  return <QueueView vhost={nameOf(vhost)} name={nameOf(name)} />;
}
