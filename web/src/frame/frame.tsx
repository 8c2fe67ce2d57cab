import { type ReactNode, useEffect, useState, useSyncExternalStore } from "react";
import AppLayout from "@cloudscape-design/components/app-layout";
import BreadcrumbGroup from "@cloudscape-design/components/breadcrumb-group";
import SideNavigation from "@cloudscape-design/components/side-navigation";
import { useHere } from "../common/place";
import { useAddress } from "../router/history";
import { Flashes } from "./flashes";
import { Help } from "./help";
import { type ServiceEntry, servicesFor } from "./services";
import type { PageName } from "../router/patterns";

export interface Crumb {
  text: string;
  path: string;
}

// Frame is a console page: the service's pages at the left, the way here above, help at the right.
export function Frame({ page, crumbs, children }: { page: PageName; crumbs: Crumb[]; children: ReactNode }) {
  const place = useHere();
  const path = useAddress().pathname;
  const wide = useWide();
  const [nav, setNav] = useState(wide);
  const [help, setHelp] = useState(false);
  const entry = serviceOf(path.slice(place.href("").split("?")[0]!.length), servicesFor(place.session));
  useEffect(() => setNav(wide), [wide]); // on a narrow page the list of pages would cover it
  const title = crumbs.at(-1)?.text ?? "Console home";
  useEffect(() => {
    document.title = `${title} - Account Factory`;
  }, [title]);
  return (
    <AppLayout
      headerSelector="#top"
      navigationHide={!entry}
      navigationOpen={nav}
      onNavigationChange={({ detail }) => setNav(detail.open)}
      navigation={entry && <Pages entry={entry} path={path} />}
      breadcrumbs={<BreadcrumbGroup items={[{ text: "Console home", href: place.href("") }, ...crumbs.map((c) => ({ text: c.text, href: place.href(c.path) }))]} />}
      notifications={<Flashes />}
      tools={<Help page={page} />}
      toolsOpen={help}
      onToolsChange={({ detail }) => setHelp(detail.open)}
      content={children}
      ariaLabels={{ navigation: "Pages of this service", navigationClose: "Close the list of pages", navigationToggle: "Open the list of pages", notifications: "Messages", tools: "Help", toolsClose: "Close help", toolsToggle: "Open help" }}
    />
  );
}

const roomForPages = matchMedia("(min-width: 1000px)");

function useWide(): boolean {
  return useSyncExternalStore(
    (changed) => {
      roomForPages.addEventListener("change", changed);
      return () => roomForPages.removeEventListener("change", changed);
    },
    () => roomForPages.matches,
  );
}

function Pages({ entry, path }: { entry: ServiceEntry; path: string }) {
  const place = useHere();
  const links = entry.pages.map((p) => ({ type: "link" as const, text: p.text, href: place.href(p.path) }));
  const bare = (href: string) => href.split("?")[0]!;
  const active = links.filter((l) => path === bare(l.href) || path.startsWith(bare(l.href) + "/")).sort((a, b) => b.href.length - a.href.length)[0];
  return <SideNavigation header={{ text: entry.name, href: place.href(entry.path) }} activeHref={active?.href} items={links} />;
}

// serviceOf gives the service a path below the role belongs to.
function serviceOf(path: string, services: ServiceEntry[]): ServiceEntry | undefined {
  const first = path.split("/")[1];
  const whole = services.find((s) => s.pages.some((p) => p.path === path)); // a form may stand with another service than its address
  return whole ?? services.find((s) => s.path.split("/")[1] === first);
}
