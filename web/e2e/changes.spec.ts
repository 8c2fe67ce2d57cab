import { expect, type Locator, type Page, test } from "@playwright/test";
import { change, launch } from "./launch";
import { administrator, at, choosePassword, endUser } from "./people";
import { Server } from "./server";

// What is asked of the factory about an account that exists, each on a form of its own: checked, with what would be written, and
// seen through to its end.
test.describe.configure({ mode: "serial" });

const server = new Server(["--speed", "instant"]);
let requester: Page;
let admin: Page;
let account: string;
let product: string; // the path of the provisioned product's page

test.beforeAll(async ({ browser }) => {
  test.setTimeout(120_000);
  await server.start();
  requester = await (await browser.newContext()).newPage();
  await choosePassword(requester, server.link("requester"));
  admin = await (await browser.newContext()).newPage();
  await choosePassword(admin, server.link("admin"));
});
test.afterAll(() => server.stop());

async function fillAccess(where: Locator, group: string, set: string): Promise<void> {
  await where.getByRole("combobox", { name: "Name", exact: true }).fill(group);
  await where.getByRole("combobox", { name: "Permission set" }).fill(set);
}

const succeeded = (page: Page) => expect(page.getByRole("status").getByText("Succeeded")).toBeVisible({ timeout: 40_000 });

test("an operator lets Account Management change accounts, from the check that misses it", async () => {
  await admin.goto(at(server, administrator, "/identitycenter/accounts"));
  const audit = await admin.getByRole("link", { name: "Audit" }).getAttribute("href");
  await admin.goto(at(server, administrator, `/controltower/accounts/${audit!.split("/").at(-1)}`));
  await change(admin, "Name and e-mail");
  await admin.getByLabel("New name").fill("Other");
  await admin.getByRole("button", { name: "Enable trusted access" }).click();
  await expect(admin.getByText("Account Management has trusted access to the organization")).toBeVisible();
  await expect(admin.getByRole("button", { name: "Enable trusted access" })).toHaveCount(0);
});

test("a launch takes tags, a contact, further access and a field of one's own along", async () => {
  await launch(requester, server, "Changing", "owner@example.com", async () => {
    await requester.getByRole("button", { name: /^More/ }).click();
    await requester.getByRole("button", { name: "Add a tag" }).click();
    await requester.getByLabel("Name of tag 1").fill("aws:own");
    await expect(requester.getByText(/AWS keeps those for itself/)).toBeVisible();
    await requester.getByLabel("Name of tag 1").fill("team");
    await requester.getByLabel("Value of tag 1").fill("one");
    await requester.getByRole("button", { name: /Security contact/ }).click();
    for (const [label, value] of [["Full name", "Sue Curity"], ["Title", "Officer"], ["E-mail", "security@example.com"], ["Phone", "+49 30 123"]] as const) await requester.getByLabel(`${label} of the security contact`).fill(value);
    await requester.getByRole("button", { name: "Add access" }).click();
    await fillAccess(requester.getByRole("region", { name: "Further access" }), "AWSAuditAccountAdmins", "AWSReadOnlyAccess");
    await requester.getByRole("button", { name: "Add a field" }).click();
    await requester.getByLabel("Name of field 1").fill("cost-center");
    await requester.getByLabel("Value of field 1").fill("4711");
  });
  await succeeded(requester);
  await expect(requester.getByText("cost-center = 4711")).toBeVisible();
  await expect(requester.getByText("security: Sue Curity, Officer, security@example.com, +49 30 123")).toBeVisible();
  const link = requester.getByRole("link", { name: /^pp-/ });
  product = (await link.getAttribute("href"))!.replace(/^.*\/servicecatalog/, "/servicecatalog");
  await link.click();
  await expect(requester.getByRole("heading", { name: "Changing" })).toBeVisible();
});

test("a requester is offered what is theirs, and told what is for operators", async () => {
  await requester.getByRole("button", { name: "Change", exact: true }).click();
  await expect(requester.getByRole("menuitem", { name: "Close" })).toHaveAttribute("aria-disabled", "true");
  await requester.keyboard.press("Escape");
});

test("the account gets another name, asked for by its requester", async () => {
  await change(requester, "Name and e-mail");
  await requester.getByLabel("New name").fill("Changed");
  await expect(requester.getByText("account:PutAccountName")).toBeVisible();
  await requester.getByRole("button", { name: "Change", exact: true }).click();
  await succeeded(requester);
  account = /\/accounts\/(\d{12})|$/.exec(requester.url())?.[1] ?? "";
});

test("and another e-mail, once somebody gives the code mailed there", async () => {
  await requester.goto(at(server, endUser, product));
  await change(requester, "Name and e-mail");
  account = /\/accounts\/(\d{12})\//.exec(requester.url())![1]!;
  await requester.getByLabel("New e-mail").fill("audit@example.com");
  await requester.getByLabel("New e-mail").blur();
  await expect(requester.getByText(/audit@example.com .*(belongs|in use|has)/i).first()).toBeVisible();
  await requester.getByLabel("New e-mail").fill("changed@example.com");
  await requester.getByRole("button", { name: "Change", exact: true }).click();
  await expect(requester.getByText("Waits for whoever reads changed@example.com")).toBeVisible({ timeout: 30_000 });
  await requester.getByLabel("Code").fill(server.code("changed@example.com"));
  await requester.getByRole("button", { name: "Send the code" }).click();
  await succeeded(requester);
});

test("a group is given access and another loses it, in one request", async () => {
  await admin.goto(at(server, administrator, `/controltower/accounts/${account}`));
  await expect(admin.getByRole("heading", { name: "Changed" })).toBeVisible();
  await expect(admin.getByText("team: one")).toBeVisible();
  await change(admin, "Access");
  await admin.getByRole("checkbox", { name: "Take AWSReadOnlyAccess away from AWSAuditAccountAdmins" }).check();
  await admin.getByRole("button", { name: "Add access" }).click();
  await fillAccess(admin.getByRole("main"), "AWSLogArchiveViewers", "AWSPowerUserAccess");
  await expect(admin.getByText(/sso(-admin)?:CreateAccountAssignment/)).toBeVisible();
  await expect(admin.getByText(/sso(-admin)?:DeleteAccountAssignment/)).toBeVisible();
  await admin.getByRole("button", { name: "Change access" }).click();
  await succeeded(admin);
  await admin.goto(at(server, administrator, `/identitycenter/accounts/${account}`));
  await expect(admin.getByRole("row", { name: /AWSLogArchiveViewers.*AWSPowerUserAccess/ })).toBeVisible();
  await expect(admin.getByRole("row", { name: /AWSAuditAccountAdmins.*AWSReadOnlyAccess/ })).toHaveCount(0);
});

test("a repair of what is well says that there is nothing to repair", async () => {
  await admin.goto(at(server, administrator, product));
  await change(admin, "Repair");
  await expect(admin.getByText(/nothing to repair/).first()).toBeVisible();
  await expect(admin.getByRole("button", { name: "Repair", exact: true })).toHaveAttribute("aria-disabled", "true");
});

test("closing asks for the account's name, and says what it costs and until when it can be undone", async () => {
  await admin.goto(at(server, administrator, product));
  await change(admin, "Close");
  await expect(admin.getByText(/For 90 days AWS Support can reopen it/)).toBeVisible();
  await expect(admin.getByText(/Savings Plans/)).toBeVisible();
  await admin.getByLabel("Wait before closing").fill("0s");
  const go = admin.getByRole("button", { name: "Close account" });
  await expect(go).toHaveAttribute("aria-disabled", "true");
  await admin.getByLabel("Type Changed to confirm").fill("Changed");
  await go.click();
  await succeeded(admin);
});
