import { useEffect, useState } from "react";
import Wizard from "@cloudscape-design/components/wizard";
import type { Parameters } from "../api/factory";
import { type Extras, extrasOf, finished, noExtras } from "../change/extras";
import { useDraft } from "../common/draft";
import { useMeant } from "../common/meant";
import { useHere } from "../common/place";
import { Refusal } from "../common/refusal";
import { useResource } from "../common/resource";
import { Shown } from "../common/shown";
import { useSubmit } from "../common/submit";
import { navigate, useAddress } from "../router/history";
import type { PageProps } from "../pages";
import { useChecks } from "./checks";
import { ParameterStep } from "./parameterstep";
import { launched, type Launchable, readLaunchable } from "./read";
import { Review } from "./review";
import { VersionStep } from "./versionstep";

export interface Draft extends Parameters {
  reason: string;
  extras: Extras;
}

const empty: Draft = { name: "", accountEmail: "", ou: "", ssoUserEmail: "", ssoUserFirstName: "", ssoUserLastName: "", reason: "", extras: noExtras };

// Launch is the launch wizard of Account Factory.
export function Launch({ params }: PageProps) {
  const place = useHere();
  const id = params.id!;
  const read = useResource(`launch/${id}`, () => readLaunchable(place, id));
  return (
    <Shown of={read} what="read the product">
      {(product) => <Steps {...product} />}
    </Shown>
  );
}

function Steps({ view, artifacts, parameters }: Launchable) {
  const place = useHere();
  const [draft, change, clear] = useDraft(`launch/${place.account}/${place.role}/${view.ProductId}`, empty);
  const version = launched(artifacts);
  const [onward, setOnward] = useState(false); // and what was typed is still being checked: go on once it is found good
  const [refused, setRefused] = useState(0); // how often Next did not go on
  const [tried, setTried] = useState(false); // Next was chosen: from now on what is missing is said
  const { extras, ...typed } = draft;
  const input = { ...typed, ...extrasOf(extras), kind: "launch" as const, region: place.region };
  const checks = useChecks(input);
  const submission = useSubmit();
  const { meant, dialog } = useMeant(true, draft.name);
  const url = useAddress();
  const step = Math.min(Math.max(Number(url.searchParams.get("step") ?? 1), 1), 3) - 1;
  const here = `/servicecatalog/products/${view.ProductId}`;
  const failed = checks.plan?.checks.some((c) => c.result === "failed") ?? true;

  const go = (to: number) => {
    const needed = step === 0 ? !draft.name.trim() || !version : step === 1 ? failed || checks.pending || !!checks.error || !finished(extras) : false;
    if (to > step && needed) {
      const later = step === 1 && checks.pending && finished(extras);
      setOnward(later);
      setTried(true);
      if (!later) setRefused((n) => n + 1);
      return;
    }
    setTried(false);
    setOnward(false);
    navigate(place.href(here + "/launch", { step: String(to + 1) }));
  };

  useEffect(() => {
    if (onward && !checks.pending) go(step + 1); // or stays, with what is wrong
  }, [onward, checks.pending]);

  useEffect(() => {
    if (refused) document.querySelector<HTMLElement>("main [aria-invalid=true]")?.focus(); // what is wrong may be out of sight
  }, [refused]);

  return (
    <>
      {dialog}
      <Wizard
        i18nStrings={{
          stepNumberLabel: (n) => `Step ${n}`,
          collapsedStepsLabel: (n, of) => `Step ${n} of ${of}`,
          navigationAriaLabel: "Steps of the launch",
          cancelButton: "Cancel",
          previousButton: "Previous",
          nextButton: "Next",
          submitButton: "Launch",
          submitButtonLoadingAnnouncement: "Submitting",
          errorIconAriaLabel: "Error",
        }}
        activeStepIndex={step}
        onNavigate={({ detail }) => go(detail.requestedStepIndex)}
        onCancel={() => {
          clear();
          navigate(place.href(here));
        }}
        isLoadingNextStep={submission.busy || onward}
        onSubmit={() => meant(() => void submission.submit(input, clear))}
        steps={[
          {
            title: "Product version and name",
            description: `Launch ${view.Name}`,
            content: <VersionStep draft={draft} change={change} version={version} checks={checks} tried={tried} />,
          },
          {
            title: "Parameters",
            description: "Checked while you type, against the organization as it is now",
            content: <ParameterStep draft={draft} change={change} parameters={parameters} checks={checks} tried={tried} />,
          },
          {
            title: "Review",
            description: "Nothing is created before you choose Launch",
            content: <Review draft={draft} version={version} checks={checks} edit={go} />,
            errorText: undefined,
          },
        ].map((s) => ({ ...s, content: <>{submission.error && <Refusal error={submission.error} />}{s.content}</> }))}
      />
    </>
  );
}
