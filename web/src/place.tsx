import { type ReactNode, useMemo } from "react";
import { awsAs } from "./api/aws";
import { factoryAs } from "./api/factory";
import { hasRoles } from "./api/session";
import { twinAs } from "./api/twin";
import { type Place, PlaceContext, useSession } from "./common/place";
import { CloudBar } from "./frame/cloudbar";
import { Elsewhere, NoLab, NoRole } from "./frame/elsewhere";
import { Frame } from "./frame/frame";
import { isRegion } from "./frame/regions";
import { Top } from "./frame/top";
import { WrongRegion } from "./frame/wrongregion";
import { pages } from "./pages";
import { useAddress } from "./router/history";
import type { PageName } from "./router/patterns";

// InPlace gives a page its account, role and Region, and the frame around it.
export function InPlace({ name, params, children }: { name: PageName; params: Record<string, string>; children: ReactNode }) {
  const session = useSession();
  const asked = useAddress().searchParams.get("region") ?? "";
  const { account = "", role = "" } = params;
  const region = isRegion(asked) ? asked : session.region;
  const place = useMemo<Place>(
    () => ({
      session, account, role, region,
      plain: !hasRoles(session),
      home: session.region,
      aws: awsAs(account, role, region),
      factory: factoryAs(account, role),
      twin: twinAs(account, role),
      href: (path, query = {}) => {
        const search = new URLSearchParams({ ...query, ...(region === session.region ? {} : { region }) }).toString();
        return `/console/${account}/${encodeURIComponent(role)}${path}${search && "?" + search}`;
      },
    }),
    [session, account, role, region],
  );
  const { crumbs, anyRegion } = pages[name];
  const shown = () => instead(pages[name], place, params) ?? (anyRegion || region === session.region ? children : <WrongRegion />);
  return (
    <PlaceContext value={place}>
      <div id="top">
        <CloudBar />
        <Top />
      </div>
      <Frame page={name} crumbs={crumbs(params)} key={name}>
        {shown()}
      </Frame>
    </PlaceContext>
  );
}

// instead gives what stands for a page that this cloud, or this person, has not got.
function instead({ aws, lab }: (typeof pages)[PageName], { session, plain }: Place, params: Record<string, string>): ReactNode {
  if (lab && session.cloud !== "twin") return <NoLab />;
  if (aws && session.cloud !== "twin") return <Elsewhere service={aws} account={aws === "organizations" ? params.id : undefined} />;
  return (aws || lab) && plain ? <NoRole /> : null;
}
