import { type ReactNode, useState } from "react";
import Box from "@cloudscape-design/components/box";
import { Confirm } from "./confirm";
import { useHere } from "./place";

// useMeant sees that a new account is meant, where accounts are real: it says what one costs and asks for its name. On the
// twin nothing is asked. Sources: Control Tower User Guide, "Pricing"; Account Management Reference Guide, "Close an AWS account".
export function useMeant(creates: boolean, name: string): { meant: (then: () => void) => void; dialog: ReactNode } {
  const { session } = useHere();
  const [then, setThen] = useState<() => void>();
  const close = () => setThen(undefined);
  return {
    meant: (go) => (creates && session.cloud === "aws" ? setThen(() => go) : go()),
    dialog: then && (
      <Confirm
        visible
        title="Create a real account"
        action="Create account"
        typed={name}
        close={close}
        go={() => {
          close();
          then();
        }}
      >
        <Box>
          Organization {session.organizationId} gets a new AWS account, {name}. It costs nothing by itself; what is used in it does, and so does what Control Tower sets up there, such as AWS
          Config. It cannot be deleted, only closed: that takes 90 days, in which it counts to the organization's quota, and its e-mail is never free again.
        </Box>
      </Confirm>
    ),
  };
}
