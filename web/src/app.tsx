import { Suspense } from "react";
import type { Session } from "./api/session";
import { readSession } from "./api/session";
import { SessionContext } from "./common/place";
import { useResource } from "./common/resource";
import { Shown } from "./common/shown";
import { Announced } from "./frame/announced";
import { CloudBar } from "./frame/cloudbar";
import { Top } from "./frame/top";
import { InPlace } from "./place";
import { pages } from "./pages";
import { useAddress } from "./router/history";
import { match } from "./router/match";
import { type PageName, patterns } from "./router/patterns";
import { Wait } from "./frame/wait";
import { NotFound } from "./frame/notfound";

// App shows the page that the address names, once it is known who asks.
export function App() {
  const session = useResource("session", readSession);
  return (
    <Shown of={session} what="find out who is signed in">
      {(who) => <SignedIn session={who} />}
    </Shown>
  );
}

function SignedIn({ session }: { session: Session }) {
  const { pathname } = useAddress();
  const names = Object.keys(patterns) as PageName[];
  const found = names.map((name) => ({ name, params: match(patterns[name], pathname) })).find(({ params }) => params);
  return (
    <SessionContext value={session}>
      <Announced />
      {found?.params ? <Page name={found.name} params={found.params} key={found.name + pathname} /> : <Bare><NotFound /></Bare>}
    </SessionContext>
  );
}

function Page({ name, params }: { name: PageName; params: Record<string, string> }) {
  const { show: Show } = pages[name];
  const page = (
    <Suspense fallback={<Wait />}>
      <Show params={params} />
    </Suspense>
  );
  if (!params.account) return <Bare>{page}</Bare>;
  return (
    <InPlace name={name} params={params}>
      {page}
    </InPlace>
  );
}

// Bare is a page outside of any account.
function Bare({ children }: { children: React.ReactNode }) {
  return (
    <>
      <div id="top">
        <CloudBar />
        <Top />
      </div>
      {children}
    </>
  );
}
