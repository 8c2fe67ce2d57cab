import type { ReactNode } from "react";
import Spinner from "@cloudscape-design/components/spinner";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { Resource } from "./resource";
import { Trouble } from "./trouble";

// Shown shows a resource once it is there: until then that it is read, or why it cannot be. What was read before stays in sight
// beside a later trouble.
export function Shown<T>({ of, what, children }: { of: Resource<T>; what: string; children: (data: T) => ReactNode }) {
  const trouble = of.error && <Trouble error={of.error} what={what} retry={of.refresh} />;
  if (of.data === undefined) {
    return (
      trouble ?? (
        <div role="status" className="af-wait">
          <Spinner size="large" /> <span>Reading…</span>
        </div>
      )
    );
  }
  return (
    <SpaceBetween size="l">
      {trouble}
      {children(of.data)}
    </SpaceBetween>
  );
}
