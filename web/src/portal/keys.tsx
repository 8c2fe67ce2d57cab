import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";
import { type Keys, keys, type PortalAccount } from "../api/portal";
import { Copied } from "../common/copy";
import { Facts } from "../common/facts";
import { useResource } from "../common/resource";
import { Shown } from "../common/shown";
import { Time } from "../common/time";
import { powershell, profile, shell } from "./snippets";

// AccessKeys shows a role's credentials for command lines. They are fetched when it opens and forgotten when it closes.
export function AccessKeys({ account, role, close }: { account: PortalAccount; role: string; close: () => void }) {
  const got = useResource(`keys/${account.accountId}/${role}`, () => keys(account.accountId, role));
  return (
    <Modal visible size="large" header={`Access keys of ${role}`} onDismiss={close} closeAriaLabel="Close">
      <Shown of={got} what="get access keys">
        {(k) => <Options account={account} role={role} k={k} />}
      </Shown>
    </Modal>
  );
}

function Options({ account, role, k }: { account: PortalAccount; role: string; k: Keys }) {
  return (
    <SpaceBetween size="l">
      <Alert type="info">
        These keys open account {account.accountId} as {role} until <Time at={k.expiration} />. Treat them as a password. Get new ones here when they end.
      </Alert>
      <section>
        <Box variant="h3">Option 1: set environment variables</Box>
        <Tabs
          ariaLabel="Shell"
          tabs={[
            { id: "sh", label: "Linux and macOS", content: <Snippet text={shell(k)} what="environment variables for Linux and macOS" /> },
            { id: "ps", label: "PowerShell", content: <Snippet text={powershell(k)} what="environment variables for PowerShell" /> },
          ]}
        />
      </section>
      <section>
        <Box variant="h3">Option 2: add a profile to your AWS credentials file</Box>
        <Snippet text={profile(account.accountId, role, k)} what="profile" />
      </section>
      <section>
        <Box variant="h3">Option 3: use individual values</Box>
        <Facts
          columns={1}
          items={[
            { label: "AWS access key ID", value: <Copied text={k.accessKeyId} what="AWS access key ID" /> },
            { label: "AWS secret access key", value: <Copied text={k.secretAccessKey} what="AWS secret access key" /> },
            { label: "AWS session token", value: <span className="af-words"><Copied text={k.sessionToken} what="AWS session token" /></span> },
          ]}
        />
      </section>
    </SpaceBetween>
  );
}

function Snippet({ text, what }: { text: string; what: string }) {
  return (
    <SpaceBetween size="xs">
      <pre className="af-code" tabIndex={0} aria-label={what}>{text}</pre>
      <CopyToClipboard copyButtonText="Copy" copyButtonAriaLabel={`Copy ${what}`} textToCopy={text} copySuccessText="Copied" copyErrorText="Could not copy" />
    </SpaceBetween>
  );
}
