import Spinner from "@cloudscape-design/components/spinner";

// Wait is shown while a page's own code arrives.
export function Wait() {
  return (
    <div role="status" className="af-wait">
      <Spinner size="large" /> <span>Reading…</span>
    </div>
  );
}
