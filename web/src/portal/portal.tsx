import { useState } from "react";
import Box from "@cloudscape-design/components/box";
import Header from "@cloudscape-design/components/header";
import Icon from "@cloudscape-design/components/icon";
import Input from "@cloudscape-design/components/input";
import Pagination from "@cloudscape-design/components/pagination";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { accounts, type PortalAccount } from "../api/portal";
import { hasRoles } from "../api/session";
import { useSession } from "../common/place";
import { useResource } from "../common/resource";
import { Shown } from "../common/shown";
import { Flashes } from "../frame/flashes";
import { navigate, useAddress } from "../router/history";
import { AccountEntry } from "./account";

const perPage = 50;

// Portal is the access portal, once called user portal: the accounts that the person signed in may enter.
export function Portal() {
  return hasRoles(useSession()) ? <WithRoles /> : <Plain />;
}

// Plain is the portal of people who have no roles of AWS: one door, to the factory.
function Plain() {
  const session = useSession();
  return (
    <main className="af-portal">
      <title>Account Factory</title>
      <SpaceBetween size="l">
        <Flashes />
        <Header variant="h1" description={`You are here as ${session.factoryRole ?? "requester"}`}>
          Account Factory
        </Header>
        <a className="af-tile" href={`/console/${session.managementAccount}/factory`}>
          <Icon name="multiscreen" size="big" />
          <span>
            <b>Accounts</b> Ask for one, see what was asked for
          </span>
        </a>
      </SpaceBetween>
    </main>
  );
}

function WithRoles() {
  const list = useResource("portal/accounts", accounts);
  const open = useAddress().searchParams.has("accounts");
  return (
    <main className="af-portal">
      <title>Access portal - Account Factory</title>
      <SpaceBetween size="l">
        <Flashes />
        <Header variant="h1" description="Applications and accounts you may use">
          Access portal
        </Header>
        <Shown of={list} what="read your accounts">
          {(all) => (
            <SpaceBetween size="l">
              <button type="button" className="af-tile" aria-expanded={open} aria-controls="accounts" onClick={() => navigate(open ? "/" : "/?accounts")}>
                <Icon name="multiscreen" size="big" />
                <span>
                  <b>AWS Account</b> {all.length === 1 ? "1 account" : `${all.length} accounts`}
                </span>
              </button>
              <div id="accounts">{open && <Accounts all={all} />}</div>
            </SpaceBetween>
          )}
        </Shown>
      </SpaceBetween>
    </main>
  );
}

function Accounts({ all }: { all: PortalAccount[] }) {
  const [search, setSearch] = useState("");
  const [page, setPage] = useState(1);
  const wanted = search.trim().toLowerCase();
  const found = all.filter((a) => `${a.name} ${a.accountId} ${a.email}`.toLowerCase().includes(wanted));
  if (all.length === 0) return <Box>No account is assigned to you yet. Ask an administrator of IAM Identity Center for one.</Box>;
  return (
    <SpaceBetween size="m">
      <Input
        type="search"
        value={search}
        onChange={({ detail }) => {
          setSearch(detail.value);
          setPage(1);
        }}
        placeholder="Search by name, id or e-mail"
        ariaLabel="Search accounts"
      />
      <div role="status">
        <Box variant="small">{wanted ? `${found.length} of ${all.length} accounts` : ""}</Box>
      </div>
      {found.slice((page - 1) * perPage, page * perPage).map((a) => (
        <AccountEntry key={a.accountId} account={a} alone={found.length === 1} />
      ))}
      {found.length > perPage && <Pagination currentPageIndex={page} pagesCount={Math.ceil(found.length / perPage)} onChange={({ detail }) => setPage(detail.currentPageIndex)} />}
    </SpaceBetween>
  );
}
