import { useState } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Table from "@cloudscape-design/components/table";
import { ApiError } from "../api/error";
import type { Access } from "../api/factory";
import { ChangeForm } from "../catalog/changeform";
import { useChecks } from "../catalog/checks";
import { roomy } from "../common/columns";
import { useDraft } from "../common/draft";
import { useHere } from "../common/place";
import { useResource } from "../common/resource";
import { Shown } from "../common/shown";
import { Trouble } from "../common/trouble";
import { type AssignmentRow, readAssignments } from "../identitycenter/assignmentlist";
import type { PageProps } from "../pages";
import { type AccessRow, AccessRows, accessOf, whole } from "./accessrows";
import { Reason } from "./reason";
import { type Subject, useSubject, whereFrom } from "./subject";

// ChangeAccess gives groups and users permission sets on an account and takes them away, in one request.
export function ChangeAccess({ params }: PageProps) {
  const subject = useSubject(params.id!);
  return (
    <Shown of={subject} what="read the account">
      {(s) => <Fields subject={s} />}
    </Shown>
  );
}

const empty = { grant: [] as AccessRow[], revoke: [] as AccessRow[], reason: "" };

function Fields({ subject }: { subject: Subject }) {
  const place = useHere();
  const [draft, change, clear] = useDraft(`access/${place.account}/${place.role}/${subject.id}`, empty);
  const [chosen, choose] = useState<AssignmentRow[]>([]);
  const now = useResource(`assignments/${subject.id}`, () => readAssignments(place.aws, subject.id));
  const revoke = [...chosen.map(accessOfRow), ...accessOf(draft.revoke)];
  const grant = accessOf(draft.grant);
  const input = { kind: "access" as const, account: subject.id, ...(grant.length && { grant }), ...(revoke.length && { revoke }), ...(draft.reason && { reason: draft.reason }) };
  const checks = useChecks(input);
  return (
    <ChangeForm
      title={`Change access to ${subject.name || subject.id}`}
      description="Who may enter the account, as what. This takes no account operation: it does not wait for others."
      input={input}
      checks={checks}
      ready={grant.length + revoke.length > 0 && [...draft.grant, ...draft.revoke].every(whole)}
      submitText="Change access"
      cancel={place.href(whereFrom(subject))}
      done={clear}
    >
      <Container header={<Header variant="h2">Give access</Header>}>
        <AccessRows rows={draft.grant} change={(rows) => change({ grant: rows })} />
      </Container>
      {now.error && !(now.error instanceof ApiError && now.error.denied) ? (
        <Trouble error={now.error} what="read who has access" retry={now.refresh} />
      ) : now.error ? (
        <Container header={<Header variant="h2">Take access away</Header>}>
          <Alert type="info">This role may not read who has access at present. Name what is to be taken away.</Alert>
          <AccessRows rows={draft.revoke} change={(rows) => change({ revoke: rows })} verb="Take away" />
        </Container>
      ) : (
        <Table<AssignmentRow>
          header={<Header variant="h2" counter={now.data && `(${now.data.length})`} description="Choose what is to be taken away">Access there is</Header>}
          items={now.data ?? []}
          loading={!now.data}
          loadingText="Reading…"
          trackBy={(r) => r.PrincipalId + r.PermissionSetArn}
          selectionType="multi"
          selectedItems={chosen}
          onSelectionChange={({ detail }) => choose(detail.selectedItems)}
          ariaLabels={{ selectionGroupLabel: "Take away", allItemsSelectionLabel: () => "Take all away", itemSelectionLabel: (_, r) => `Take ${r.set} away from ${r.name}`, tableLabel: "Access there is" }}
          wrapLines
          columnDefinitions={roomy<AssignmentRow>([
            { id: "who", header: "Who", cell: (r) => r.name, isRowHeader: true },
            { id: "type", header: "Kind", cell: (r) => r.PrincipalType.toLowerCase() },
            { id: "set", header: "Permission set", cell: (r) => r.set },
          ])}
          empty={<Box>Nobody may enter this account.</Box>}
        />
      )}
      <Reason value={draft.reason} change={(reason) => change({ reason })} />
    </ChangeForm>
  );
}

const accessOfRow = (r: AssignmentRow): Access => (r.PrincipalType === "GROUP" ? { group: r.name, permissionSet: r.set } : { user: r.name, permissionSet: r.set });
