import { type ReactNode, useMemo } from "react";
import { awsAs } from "./api/aws";
import { factoryAs } from "./api/factory";
import { twinAs } from "./api/twin";
import { type Place, PlaceContext, useSession } from "./common/place";
import { CloudBar } from "./frame/cloudbar";
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
  return (
    <PlaceContext value={place}>
      <div id="top">
        <CloudBar />
        <Top />
      </div>
      <Frame page={name} crumbs={crumbs(params)} key={name}>
        {anyRegion || region === session.region ? children : <WrongRegion />}
      </Frame>
    </PlaceContext>
  );
}
