import Alert from "@cloudscape-design/components/alert";
import Link from "@cloudscape-design/components/link";
import { ApiError } from "../api/error";
import { sentence } from "../catalog/checks";
import { useHere } from "./place";
import { Trouble } from "./trouble";

// Refusal says why a submission was turned down: each check that failed, with what helps.
export function Refusal({ error }: { error: Error | undefined }) {
  const place = useHere();
  if (!error) return null;
  if (!(error instanceof ApiError) || (error.checks.length === 0 && !error.requestId)) return <Trouble error={error} what="submit the request" />;
  const failed = error.checks.filter((c) => c.result === "failed");
  return (
    <Alert type="error" header="Nothing was submitted">
      {failed.length === 0 && error.message}
      <ul>
        {failed.map((c) => (
          <li key={c.name + c.seen}>
            {sentence(c)}
          </li>
        ))}
      </ul>
      {error.requestId && <Link href={place.href(`/factory/requests/${error.requestId}`)}>Open the request {error.requestId}</Link>}
    </Alert>
  );
}
