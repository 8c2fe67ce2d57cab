import Link from "@cloudscape-design/components/link";
import { List } from "../common/list";
import { useHere } from "../common/place";
import { useResource } from "../common/resource";
import { type PermissionSet, readPermissionSets, setId } from "./read";

// PermissionSets lists what people may be in an account.
export function PermissionSets() {
  const { aws, href } = useHere();
  const list = useResource("permissionsets", () => readPermissionSets(aws));
  return (
    <List<PermissionSet>
      of={list}
      what="read the permission sets"
      title="Permission sets"
      track={(s) => s.PermissionSetArn}
      columns={[
        { id: "name", header: "Name", cell: (s) => <Link href={href(`/identitycenter/permission-sets/${setId(s.PermissionSetArn)}`)}>{s.Name}</Link>, sortingField: "Name", isRowHeader: true },
        { id: "about", header: "Description", cell: (s) => s.Description || "-" },
        { id: "time", header: "Session", cell: (s) => s.SessionDuration?.replace("PT", "").toLowerCase() ?? "-" },
      ]}
      empty="There are no permission sets."
    />
  );
}
