import "@cloudscape-design/global-styles/index.css";
import { createRoot } from "react-dom/client";
import AppLayout from "@cloudscape-design/components/app-layout";
import TopNavigation from "@cloudscape-design/components/top-navigation";
import Table from "@cloudscape-design/components/table";
import Flashbar from "@cloudscape-design/components/flashbar";
import SideNavigation from "@cloudscape-design/components/side-navigation";
import { I18nProvider } from "@cloudscape-design/components/i18n";
import messages from "@cloudscape-design/components/i18n/messages/all.en";
createRoot(document.getElementById("root")!).render(
  <I18nProvider locale="en" messages={[messages]}><TopNavigation identity={{ href: "/", title: "x" }} /><AppLayout navigation={<SideNavigation items={[]} />} notifications={<Flashbar items={[]} />} content={<Table items={[]} columnDefinitions={[{ header: "x", cell: () => "x" }]} />} /></I18nProvider>);
