import { AuditView } from './audit-view.tsx';

export const metadata = { title: 'Audit' };

export default function Page() {
  return <AuditView />;
}
