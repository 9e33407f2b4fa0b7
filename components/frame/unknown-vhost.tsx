import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';

/** Says that the vhost of the lists is none that this user may see: an empty list says nothing of it. */
export function UnknownVhost({ name, onShowAll }: { name: string; onShowAll: () => void }) {
  return (
    <div className="mb-4">
      <ErrorNote title={`There is no vhost ${name}, or you may not look into it`}>
        <p className="mb-2">The lists show this vhost alone, so they are empty.</p>
        <Button size="small" onClick={onShowAll}>
          Show all vhosts
        </Button>
      </ErrorNote>
    </div>
  );
}
