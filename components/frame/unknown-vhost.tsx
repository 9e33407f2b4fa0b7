import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';

/** The lists show a vhost that is not among those that this user may see: what they leave empty is not known to be. */
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
