import { useState } from "react";
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { Request } from "../api/factory";
import { useAct } from "../common/act";
import { useHere } from "../common/place";
import { Time } from "../common/time";

const choices: Record<string, string> = { retry: "Retry", cancel: "Cancel request", resend: "Send another code", look: "Look now" };

// AskCard shows what a request asks a person for, and takes the answer.
export function AskCard({ request: r, set }: { request: Request; set: (r: Request) => void }) {
  const { factory } = useHere();
  const [code, setCode] = useState("");
  const [busy, act] = useAct();
  if (!r.ask) return null;
  const answer = async (body: { choice?: string; code?: string }) => {
    const changed = await act("answer the request", () => factory.answer(r.id, body));
    if (!changed) return;
    setCode("");
    set(changed);
  };
  return (
    <Alert type="warning" header={`Waits for ${r.ask.who}`}>
      <SpaceBetween size="s">
        <div className="af-words">
          {r.ask.what} (since <Time at={r.ask.since} />, until <Time at={r.ask.expiresAt} />)
        </div>
        {r.ask.for === "email-code" && (
          <FormField label="Code" description="Six letters or digits, from the mail to the account's new address" secondaryControl={<Button loading={busy} disabled={!/^[a-zA-Z0-9]{6}$/.test(code)} onClick={() => void answer({ code })}>Send the code</Button>}>
            <Input value={code} onChange={({ detail }) => setCode(detail.value.trim())} autoComplete={false} spellcheck={false} />
          </FormField>
        )}
        {r.ask.options?.map((o) => (
          <SpaceBetween key={o.choice} direction="horizontal" size="xs">
            <Button loading={busy} onClick={() => void answer({ choice: o.choice })}>
              {choices[o.choice] ?? o.choice}
            </Button>
            <span className="af-words">{o.effect}</span>
          </SpaceBetween>
        ))}
      </SpaceBetween>
    </Alert>
  );
}
