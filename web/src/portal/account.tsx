import { useState } from "react";
import Button from "@cloudscape-design/components/button";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Link from "@cloudscape-design/components/link";
import Box from "@cloudscape-design/components/box";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type PortalAccount, roles } from "../api/portal";
import { useSession } from "../common/place";
import { useResource } from "../common/resource";
import { Shown } from "../common/shown";
import { awsRole } from "../frame/awsconsole";
import { AccessKeys } from "./keys";

// AccountEntry is an account of the list; opened, it shows the roles the person has there.
export function AccountEntry({ account, alone }: { account: PortalAccount; alone: boolean }) {
  const [open, setOpen] = useState(alone);
  const label = account.management ? " (Management)" : "";
  return (
    <ExpandableSection
      variant="container"
      headerText={account.name + label}
      headerDescription={`${account.accountId} | ${account.email}`}
      headerAriaLabel={`${account.name}${label}, account ${account.accountId}`}
      expanded={open}
      onChange={({ detail }) => setOpen(detail.expanded)}
    >
      {open && <Roles account={account} />}
    </ExpandableSection>
  );
}

function Roles({ account }: { account: PortalAccount }) {
  const list = useResource(`portal/${account.accountId}/roles`, () => roles(account.accountId));
  const session = useSession();
  const [keysOf, setKeysOf] = useState<string | null>(null);
  return (
    <Shown of={list} what="read your roles">
      {(all) => (
        <>
          {all.length === 0 && <Box>You have no role in this account any more.</Box>}
          {all.map(({ name }) => (
            <div className="af-role" key={name} role="group" aria-label={name}>
              <Box variant="strong">{name}</Box>
              <SpaceBetween direction="horizontal" size="m">
                <Link href={`/console/${account.accountId}/${encodeURIComponent(name)}`} ariaLabel={`Management console as ${name} in ${account.name}`}>
                  Management console
                </Link>
                {session.portalUrl && (
                  <Link href={awsRole(session, account.accountId, name)} external ariaLabel={`AWS's own console as ${name} in ${account.name}`}>
                    AWS's own console
                  </Link>
                )}
                <Button variant="inline-link" iconName="key" ariaLabel={`Access keys of ${name} in ${account.name}`} onClick={() => setKeysOf(name)}>
                  Access keys
                </Button>
              </SpaceBetween>
            </div>
          ))}
          {keysOf && <AccessKeys account={account} role={keysOf} close={() => setKeysOf(null)} />}
        </>
      )}
    </Shown>
  );
}
