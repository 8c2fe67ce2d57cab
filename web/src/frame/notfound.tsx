import Alert from "@cloudscape-design/components/alert";
import Link from "@cloudscape-design/components/link";

export function NotFound() {
  return (
    <main className="af-portal">
      <Alert type="warning" header="There is no such page">
        Go to the <Link href="/">access portal</Link> and open an account with a role.
      </Alert>
    </main>
  );
}
