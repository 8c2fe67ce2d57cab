import Alert from "@cloudscape-design/components/alert";
import { ApiError } from "../api/error";
import { useStanding } from "../change/subject";
import { useHere } from "../common/place";
import { useResource } from "../common/resource";

// Gone says that an account of which a request speaks is not there any more: the twin can go back to a state from before it. For
// operators, who may look; others' looks would be denials.
export function Gone({ account }: { account: string }) {
  const { aws, plain, session } = useHere();
  const operator = useStanding() === "operator";
  const looks = operator && !plain && session.cloud === "twin" && account !== "";
  const read = useResource(`gone/${looks ? account : ""}`, async () => {
    if (!looks) return false;
    return aws.ask("organizations", "DescribeAccount", { AccountId: account }).then(
      () => false,
      (error: Error) => error instanceof ApiError && error.code === "AccountNotFoundException",
    );
  });
  if (!read.data) return null;
  return (
    <Alert type="warning" header={`Account ${account} is not there any more`}>
      The twin went back to a state from before it, or it was closed long ago. What is told here is what was done then. A launch does not take its e-mail again.
    </Alert>
  );
}
