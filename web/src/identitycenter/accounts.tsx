import Link from "@cloudscape-design/components/link";
import { List } from "../common/list";
import { useHere } from "../common/place";
import { useResource } from "../common/resource";
import { readAccounts } from "../controltower/read";
import { TowerStatus } from "../controltower/status";
import { type Account, stateOf } from "../controltower/types";

// Accounts lists the organization's accounts, from where people are let into them.
export function Accounts() {
  const { aws, href } = useHere();
  const list = useResource("accounts", () => readAccounts(aws));
  return (
    <List<Account>
      of={list}
      what="read the accounts"
      title="AWS accounts"
      track={(a) => a.Id}
      columns={[
        { id: "name", header: "Account", cell: (a) => <Link href={href(`/identitycenter/accounts/${a.Id}`)}>{a.Name}</Link>, sortingField: "Name", isRowHeader: true },
        { id: "id", header: "ID", cell: (a) => a.Id, sortingField: "Id" },
        { id: "email", header: "E-mail", cell: (a) => a.Email, sortingField: "Email" },
        { id: "state", header: "State", cell: (a) => <TowerStatus status={stateOf(a)} /> },
      ]}
      empty="The organization has no accounts."
    />
  );
}
