import { type PageName, patterns } from "../src/router/patterns";

// What stands in for the parameters of each page's address; a page without an entry has none but account and role.
export interface Ids {
  product: string;
  provisioned: string;
  request: string;
  account: string;
  user: string;
  group: string;
  permissionSet: string;
}

const idOf: Partial<Record<PageName, keyof Ids>> = {
  product: "product",
  launch: "product",
  provisionedProduct: "provisioned",
  updateProduct: "provisioned",
  request: "request",
  account: "account",
  user: "user",
  group: "group",
  permissionSet: "permissionSet",
  accountAssignments: "account",
  changeAccess: "account",
  changeNames: "account",
  repairAccount: "account",
  unmanageAccount: "account",
  closeAccount: "account",
};

// addresses gives every page's address. It throws for one whose parameters nobody here knows, so that none is left out.
export function addresses(account: string, role: string, ids: Ids): [PageName, string][] {
  return (Object.entries(patterns) as [PageName, string][]).map(([name, pattern]) => {
    const kind = idOf[name];
    const path = pattern.replace(":account", account).replace(":role", role).replace(":id", kind ? ids[kind] : ":id");
    if (path.includes(":")) throw new Error(`the page ${name} (${pattern}) is in no list: say in e2e/quality.ts what its address needs`);
    return [name, path];
  });
}
