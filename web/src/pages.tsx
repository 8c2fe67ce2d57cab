import { type ComponentType, lazy } from "react";
import type { AWSService } from "./frame/awsconsole";
import type { Crumb } from "./frame/frame";
import type { PageName } from "./router/patterns";

export type PageProps = { params: Record<string, string> };

interface PageEntry {
  show: ComponentType<PageProps>; // its code arrives when it is first opened
  crumbs: (params: Record<string, string>) => Crumb[];
  anyRegion?: boolean; // works the same wherever one is; other pages are of services at home in one Region
  aws?: AWSService; // what AWS's own console shows: on AWS ours links there
  lab?: boolean; // of the twin alone
}

const catalog: Crumb = { text: "Service Catalog", path: "/servicecatalog/products" };
const products: Crumb = { text: "Products", path: "/servicecatalog/products" };
const provisioned: Crumb = { text: "Provisioned products", path: "/servicecatalog/provisioned-products" };
const factory: Crumb = { text: "Account Factory", path: "/factory/requests" };
const tower: Crumb = { text: "Control Tower", path: "/controltower" };
const identity: Crumb = { text: "IAM Identity Center", path: "/identitycenter/users" };
const lab: Crumb = { text: "Lab", path: "/lab/outbox" };
const at = (text: string, path: string): Crumb => ({ text, path });
const id = encodeURIComponent;
const change = (what: string, account: string, path: string): Crumb => at(`${what} of ${account}`, `/factory/accounts/${id(account)}/${path}`);

// page names an export of a module that is loaded when it is wanted.
function page<M extends Record<K, ComponentType<PageProps>>, K extends string>(load: () => Promise<M>, name: K): ComponentType<PageProps> {
  return lazy<ComponentType<PageProps>>(async () => ({ default: (await load())[name] }));
}

export const pages: Record<PageName, PageEntry> = {
  portal: { show: page(() => import("./portal/portal"), "Portal"), crumbs: () => [] },
  home: { show: page(() => import("./frame/home"), "Home"), crumbs: () => [], anyRegion: true },

  products: { show: page(() => import("./catalog/products"), "Products"), crumbs: () => [catalog, products] },
  product: { show: page(() => import("./catalog/product"), "Product"), crumbs: (p) => [catalog, products, at("Product", `/servicecatalog/products/${id(p.id!)}`)] },
  launch: {
    show: page(() => import("./catalog/launch"), "Launch"),
    crumbs: (p) => [catalog, products, at("Product", `/servicecatalog/products/${id(p.id!)}`), at("Launch", `/servicecatalog/products/${id(p.id!)}/launch`)],
  },
  provisionedProducts: { show: page(() => import("./catalog/provisionedlist"), "ProvisionedProducts"), crumbs: () => [catalog, provisioned] },
  provisionedProduct: {
    show: page(() => import("./catalog/provisioned"), "ProvisionedProduct"),
    crumbs: (p) => [catalog, provisioned, at(p.id!, `/servicecatalog/provisioned-products/${id(p.id!)}`)],
  },
  updateProduct: {
    show: page(() => import("./catalog/update"), "UpdateProduct"),
    crumbs: (p) => [catalog, provisioned, at(p.id!, `/servicecatalog/provisioned-products/${id(p.id!)}`), at("Update", `/servicecatalog/provisioned-products/${id(p.id!)}/update`)],
  },

  requests: { show: page(() => import("./factory/requests"), "Requests"), crumbs: () => [factory, at("Requests", "/factory/requests")], anyRegion: true },
  request: { show: page(() => import("./factory/request"), "RequestPage"), crumbs: (p) => [factory, at("Requests", "/factory/requests"), at(p.id!, `/factory/requests/${id(p.id!)}`)], anyRegion: true },
  attention: { show: page(() => import("./factory/attention"), "Attention"), crumbs: () => [factory, at("Waiting for a person", "/factory/attention")], anyRegion: true },
  queue: { show: page(() => import("./factory/queue"), "QueuePage"), crumbs: () => [factory, at("Queue", "/factory/queue")], anyRegion: true },
  audit: { show: page(() => import("./factory/audit"), "Audit"), crumbs: () => [factory, at("Audit log", "/factory/audit")], anyRegion: true },
  changeAccess: { show: page(() => import("./change/access"), "ChangeAccess"), crumbs: (p) => [factory, change("Access", p.id!, "access")] },
  changeNames: { show: page(() => import("./change/names"), "ChangeNames"), crumbs: (p) => [factory, change("Name and e-mail", p.id!, "name-and-email")] },
  repairAccount: { show: page(() => import("./change/repair"), "RepairAccount"), crumbs: (p) => [factory, change("Repair", p.id!, "repair")] },
  unmanageAccount: { show: page(() => import("./change/end"), "UnmanageAccount"), crumbs: (p) => [factory, change("Unmanage", p.id!, "unmanage")] },
  closeAccount: { show: page(() => import("./change/end"), "CloseAccount"), crumbs: (p) => [factory, change("Close", p.id!, "close")] },

  landingZone: { show: page(() => import("./controltower/landingzone"), "LandingZone"), crumbs: () => [tower, at("Landing zone", "/controltower")], aws: "controltower" },
  organization: { show: page(() => import("./controltower/organization"), "Organization"), crumbs: () => [tower, at("Organization", "/controltower/organization")], aws: "organizations" },
  account: { show: page(() => import("./controltower/account"), "AccountPage"), crumbs: (p) => [tower, at("Organization", "/controltower/organization"), at(p.id!, `/controltower/accounts/${id(p.id!)}`)], aws: "organizations" },
  createAccount: { show: page(() => import("./controltower/create"), "CreateAccount"), crumbs: () => [tower, at("Create account", "/controltower/create-account")] },
  enrollAccount: { show: page(() => import("./controltower/enroll"), "EnrollAccount"), crumbs: () => [tower, at("Enroll account", "/controltower/enroll-account")] },
  controls: { show: page(() => import("./controltower/controls"), "Controls"), crumbs: () => [tower, at("Controls", "/controltower/controls")], aws: "controltower" },

  users: { show: page(() => import("./identitycenter/users"), "Users"), crumbs: () => [identity, at("Users", "/identitycenter/users")], aws: "identitycenter" },
  user: { show: page(() => import("./identitycenter/user"), "UserPage"), crumbs: (p) => [identity, at("Users", "/identitycenter/users"), at(p.id!, `/identitycenter/users/${id(p.id!)}`)], aws: "identitycenter" },
  groups: { show: page(() => import("./identitycenter/groups"), "Groups"), crumbs: () => [identity, at("Groups", "/identitycenter/groups")], aws: "identitycenter" },
  group: { show: page(() => import("./identitycenter/group"), "GroupPage"), crumbs: (p) => [identity, at("Groups", "/identitycenter/groups"), at(p.id!, `/identitycenter/groups/${id(p.id!)}`)], aws: "identitycenter" },
  permissionSets: { show: page(() => import("./identitycenter/permissionsets"), "PermissionSets"), crumbs: () => [identity, at("Permission sets", "/identitycenter/permission-sets")], aws: "identitycenter" },
  permissionSet: {
    show: page(() => import("./identitycenter/permissionset"), "PermissionSetPage"),
    crumbs: (p) => [identity, at("Permission sets", "/identitycenter/permission-sets"), at(p.id!, `/identitycenter/permission-sets/${id(p.id!)}`)],
    aws: "identitycenter",
  },
  assignments: { show: page(() => import("./identitycenter/accounts"), "Accounts"), crumbs: () => [identity, at("AWS accounts", "/identitycenter/accounts")], aws: "identitycenter" },
  accountAssignments: {
    show: page(() => import("./identitycenter/assignments"), "Assignments"),
    crumbs: (p) => [identity, at("AWS accounts", "/identitycenter/accounts"), at(p.id!, `/identitycenter/accounts/${id(p.id!)}`)],
    aws: "identitycenter",
  },

  outbox: { show: page(() => import("./lab/outbox"), "Outbox"), crumbs: () => [lab, at("Outbox", "/lab/outbox")], anyRegion: true, lab: true },
  clock: { show: page(() => import("./lab/clock"), "Clock"), crumbs: () => [lab, at("Clock", "/lab/clock")], anyRegion: true, lab: true },
  faults: { show: page(() => import("./lab/faults"), "Faults"), crumbs: () => [lab, at("Faults", "/lab/faults")], anyRegion: true, lab: true },
  scenarios: { show: page(() => import("./lab/scenarios"), "Scenarios"), crumbs: () => [lab, at("Scenarios", "/lab/scenarios")], anyRegion: true, lab: true },
  events: { show: page(() => import("./lab/events"), "Events"), crumbs: () => [lab, at("Events", "/lab/events")], anyRegion: true, lab: true },
};
