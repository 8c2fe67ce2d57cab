import { useState } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { Request } from "../api/factory";
import { useAct } from "../common/act";
import { useHere } from "../common/place";
import { open } from "./state";

interface Props {
  request: Request;
  refresh: () => void;
  refreshing: boolean;
  set: (r: Request) => void;
}

// RequestActions are what a person can do about a request: look again, go on after a failure, give up.
export function RequestActions({ request: r, refresh, refreshing, set }: Props) {
  const { factory } = useHere();
  const [busy, act] = useAct();
  const [asking, ask] = useState(false);
  const run = async (what: string, work: (id: string) => Promise<Request>) => {
    ask(false);
    const changed = await act(what, () => work(r.id));
    if (changed) set(changed);
    else refresh();
  };
  const stopped = r.state === "failed" || r.state === "needs-decision";
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button iconName="refresh" ariaLabel="Refresh" loading={refreshing} onClick={refresh} />
      {open(r.state) && (
        <Button disabled={busy || r.cancelRequested} onClick={() => ask(true)}>
          Cancel request
        </Button>
      )}
      {stopped && (
        <Button variant="primary" loading={busy} onClick={() => void run("retry the request", factory.retry)}>
          Retry
        </Button>
      )}
      <Modal
        visible={asking}
        header="Cancel the request?"
        closeAriaLabel="Close"
        onDismiss={() => ask(false)}
        footer={
          <Box float="right">
            <SpaceBetween direction="horizontal" size="xs">
              <Button onClick={() => ask(false)}>Keep it</Button>
              <Button variant="primary" onClick={() => void run("cancel the request", factory.cancel)}>
                Cancel request
              </Button>
            </SpaceBetween>
          </Box>
        }
      >
        A request that AWS works on cannot be stopped there: it ends when AWS does. Nothing is undone in AWS; the timeline will say what exists.
      </Modal>
    </SpaceBetween>
  );
}
