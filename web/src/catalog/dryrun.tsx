import Box from "@cloudscape-design/components/box";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { Plan } from "../api/factory";

// DryRun lists the calls that would write to AWS, in order, with their parameters.
export function DryRun({ plan }: { plan: Plan | undefined }) {
  const writes = plan?.writes ?? [];
  return (
    <ExpandableSection variant="container" headerText="Dry run" headerCounter={`(${writes.length})`} headerDescription="What the factory will write to AWS, in order. Nothing of it has been done." defaultExpanded>
      <ol>
        {writes.map((w, i) => (
          <li key={i}>
            <SpaceBetween size="xxs">
              <Box variant="code">
                {w.service}:{w.operation}
              </Box>
              <Box>{w.effect}</Box>
              <Box variant="small">As {w.as}</Box>
              <pre className="af-code" tabIndex={0} aria-label={`Parameters of ${w.operation}`}>
                {Object.entries(w.parameters).map(([k, v]) => `${k} = ${v}`).join("\n")}
              </pre>
            </SpaceBetween>
          </li>
        ))}
      </ol>
    </ExpandableSection>
  );
}
