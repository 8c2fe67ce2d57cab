// Every page of the app by its address. No page is shown that is not named here, and the tests of accessibility and layout walk
// this list, so a page cannot be added without them.

const role = "/console/:account/:role";

export const patterns = {
  portal: "/",
  home: role,
  products: role + "/servicecatalog/products",
  product: role + "/servicecatalog/products/:id",
  launch: role + "/servicecatalog/products/:id/launch",
  provisionedProducts: role + "/servicecatalog/provisioned-products",
  provisionedProduct: role + "/servicecatalog/provisioned-products/:id",
  updateProduct: role + "/servicecatalog/provisioned-products/:id/update",
  requests: role + "/factory/requests",
  request: role + "/factory/requests/:id",
  attention: role + "/factory/attention",
  queue: role + "/factory/queue",
  audit: role + "/factory/audit",
  changeAccess: role + "/factory/accounts/:id/access",
  changeNames: role + "/factory/accounts/:id/name-and-email",
  repairAccount: role + "/factory/accounts/:id/repair",
  unmanageAccount: role + "/factory/accounts/:id/unmanage",
  closeAccount: role + "/factory/accounts/:id/close",
  landingZone: role + "/controltower",
  organization: role + "/controltower/organization",
  account: role + "/controltower/accounts/:id",
  createAccount: role + "/controltower/create-account",
  enrollAccount: role + "/controltower/enroll-account",
  controls: role + "/controltower/controls",
  users: role + "/identitycenter/users",
  user: role + "/identitycenter/users/:id",
  groups: role + "/identitycenter/groups",
  group: role + "/identitycenter/groups/:id",
  permissionSets: role + "/identitycenter/permission-sets",
  permissionSet: role + "/identitycenter/permission-sets/:id",
  assignments: role + "/identitycenter/accounts",
  accountAssignments: role + "/identitycenter/accounts/:id",
  outbox: role + "/lab/outbox",
  clock: role + "/lab/clock",
  faults: role + "/lab/faults",
  scenarios: role + "/lab/scenarios",
  events: role + "/lab/events",
} as const;

export type PageName = keyof typeof patterns;
