import { expect, type Page, test } from "@playwright/test";
import { choose } from "./launch";
import { administrator, choosePassword, endSession, endUser, openRole, signIn } from "./people";
import { Server } from "./server";

// The procedure step by step, as the requester; then the owner of the new account.
test.describe.configure({ mode: "serial" });

const server = new Server(["--speed", "120"]);
let page: Page;
let product: string;

test.beforeAll(async ({ browser }) => {
  await server.start();
  page = await (await browser.newContext()).newPage();
});
test.afterAll(() => server.stop());

test("P1 the requester signs in at the portal", async () => {
  await choosePassword(page, server.link("requester"));
  await endSession(page);
  await page.goto(server.console + "/");
  await signIn(page, "requester");
  await expect(page.getByRole("heading", { name: "Access portal" })).toBeVisible();
  await expect(page.getByText("rehearsal: creates nothing in AWS")).toBeVisible();
});

test("P2 the tile AWS Account opens the list of accounts", async () => {
  const tile = page.getByRole("button", { name: "AWS Account" });
  await tile.click();
  await expect(tile).toHaveAttribute("aria-expanded", "true");
  await page.goBack();
  await expect(tile).toHaveAttribute("aria-expanded", "false");
  await tile.click();
});

test("P3 the management account is there, labelled", async () => {
  const accounts = page.locator("#accounts");
  await expect(accounts.getByText("(Management)")).toBeVisible();
  await expect(accounts.getByText(server.account)).toBeVisible();
});

test("access keys are asked for by a click and shown in three forms", async () => {
  const asked: string[] = [];
  page.on("request", (r) => r.url().endsWith("/keys") && asked.push(r.url()));
  expect(asked).toHaveLength(0);
  await page.getByRole("button", { name: /Access keys of AWSServiceCatalogEndUserAccess/ }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("environment variables for Linux and macOS", { exact: true })).toContainText("export AWS_SESSION_TOKEN=");
  await dialog.getByRole("tab", { name: "PowerShell" }).click();
  await expect(dialog.getByLabel("environment variables for PowerShell", { exact: true })).toContainText("$Env:AWS_SECRET_ACCESS_KEY=");
  await expect(dialog.getByLabel("profile", { exact: true })).toContainText(`[${server.account}_${endUser}]`);
  await expect(dialog.getByText("AWS access key ID")).toBeVisible();
  expect(asked).toHaveLength(1);
  await dialog.getByRole("button", { name: "Close" }).click();
  await expect(page.getByText("export AWS_SESSION_TOKEN=")).toHaveCount(0);
});

test("P4 the management console opens with the role", async () => {
  await openRole(page, server, server.account, endUser);
  await expect(page.getByText(`${endUser} @ 1234-5678-9012`).first()).toBeVisible();
});

test("P5 the product exists in the home Region alone", async () => {
  await page.getByRole("button", { name: /^Region: us-east-1, home Region/ }).click();
  await page.getByRole("menuitemcheckbox", { name: /Frankfurt/ }).click();
  await expect(page.getByText("eu-central-1").first()).toBeVisible();
  await page.getByRole("link", { name: "Products", exact: true }).click();
  await expect(page.getByText("Not offered in Europe (Frankfurt)")).toBeVisible();
  await page.getByRole("button", { name: /Switch to US East/ }).click();
  await expect(page.getByRole("heading", { name: /^Products/ })).toBeVisible();
});

test("P6 Service Catalog is found by its name, and others by the names they had", async () => {
  const search = page.getByRole("combobox", { name: "Search services" });
  await search.fill("AWS SSO");
  await expect(page.getByRole("option", { name: /IAM Identity Center/ })).toBeVisible();
  await search.fill("service cat");
  await page.getByRole("option", { name: /Service Catalog/ }).click();
  await expect(page).toHaveURL(/servicecatalog\/products$/);
});

test("P7 the products list has what the role may launch", async () => {
  await expect(page.getByRole("link", { name: "AWS Control Tower Account Factory" })).toBeVisible();
});

test("P8 the product is selected and launched", async () => {
  await page.getByRole("radio", { name: /Choose AWS Control Tower Account Factory/ }).click();
  await page.getByRole("button", { name: "Launch product" }).click();
  await expect(page).toHaveURL(/\/launch$/);
  product = page.url();
});

test("P9 the wizard checks as one types", async () => {
  await page.getByRole("button", { name: "Next" }).click();
  await expect(page.getByText("Fill this in.")).toBeVisible();
  await page.getByLabel("Name", { exact: true }).fill("Team one");
  await expect(page.getByText(/Team-one is free/)).toBeVisible();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByLabel("SSOUserEmail").fill("owner@example.com");
  await expect(page.getByText("The SSO user owner@example.com will be created and invited.")).toBeVisible();
  await page.getByLabel("SSOUserFirstName").fill("Olga");
  await page.getByLabel("SSOUserLastName").fill("Owner");
  await page.getByLabel("AccountEmail").fill("team-one@example.com");
  await choose(page, page.getByLabel("ManagedOrganizationalUnit"), "Sandbox");
  await page.getByLabel(/Reason/).fill("the first team");
});

test("P9 nothing typed is lost on reload and on Back", async () => {
  await page.reload();
  await expect(page.getByLabel("AccountEmail")).toHaveValue("team-one@example.com");
  await page.goBack();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Team one");
  await page.goForward();
  await expect(page.getByLabel("SSOUserLastName")).toHaveValue("Owner");
});

test("P10 the review offers no TagOptions, notifications or plan, and says why", async () => {
  await page.getByRole("button", { name: "Next" }).click();
  await expect(page.getByText("An account launched with TagOptions fails to provision.")).toBeVisible();
  await expect(page.getByText("An account launched with notification topics fails to provision.")).toBeVisible();
  await expect(page.getByText("An account launched with a plan never finishes.")).toBeVisible();
  await expect(page.getByText("servicecatalog:ProvisionProduct")).toBeVisible();
  await expect(page.getByText("At once: 0 of 1 account operations are in use.")).toBeVisible();
});

test("P11 the account is launched", async () => {
  server.lab("clock", "freeze"); // AWS takes as long as the next step needs
  await page.getByRole("button", { name: "Launch", exact: true }).click();
  await expect(page).toHaveURL(/factory\/requests\/req-/);
  await expect(page.getByRole("heading", { name: "Team one" })).toBeVisible();
});

test("P13 a second launch waits and says for what", async () => {
  const second = await page.context().newPage();
  await second.goto(product);
  await second.getByLabel("Name", { exact: true }).fill("Team two");
  await second.getByRole("button", { name: "Next" }).click();
  for (const [label, value] of [["SSOUserEmail", "owner@example.com"], ["SSOUserFirstName", "Olga"], ["SSOUserLastName", "Owner"], ["AccountEmail", "team-two@example.com"]] as const) {
    await second.getByLabel(label).fill(value);
  }
  await choose(second, second.getByLabel("ManagedOrganizationalUnit"), "Sandbox");
  await second.getByRole("button", { name: "Next" }).click();
  await expect(second.getByText(/Place 1 in the queue: 1 of 1 account operations are in use/)).toBeVisible();
  await second.getByRole("button", { name: "Launch", exact: true }).click();
  await expect(second.getByText(/Waits for account operation req-\w+ \(launch of "Team one"/)).toBeVisible();
  await second.close();
});

test("P12 the status changes by itself, down to the account and the portal", async () => {
  server.lab("clock", "run");
  await expect(page.getByRole("status").getByText("Succeeded")).toBeVisible({ timeout: 90_000 });
  await page.getByRole("button", { name: "Refresh" }).click();
  await expect(page.getByText("AccountId")).toBeVisible();
  await expect(page.getByRole("button", { name: "Copy account id" }).first()).toBeVisible();
  await expect(page.getByRole("link", { name: /Access portal/ })).toBeVisible();
});

test("the product is among the requester's own", async () => {
  await page.getByRole("link", { name: /^pp-/ }).click();
  await expect(page.getByText("team-one@example.com").first()).toBeVisible();
  await page.getByRole("link", { name: "Provisioned products" }).first().click();
  await expect(page.getByRole("link", { name: "Team one" })).toBeVisible();
});

test("the owner is invited, signs in and opens the new account", async ({ browser }) => {
  const owner = await (await browser.newContext()).newPage();
  await choosePassword(owner, server.invitation("owner@example.com"));
  await owner.goto(server.console + "/?accounts");
  await expect(owner.getByText("Team one")).toBeVisible();
  await owner.getByRole("link", { name: /Management console as AWSAdministratorAccess in Team one/ }).click();
  await expect(owner.getByText(`${administrator} @`).first()).toBeVisible();
});
