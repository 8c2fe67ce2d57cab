import { expect, type Page, test } from "@playwright/test";
import { launch } from "./launch";
import { administrator, at, choosePassword } from "./people";
import { Server } from "./server";

// Where SSO users come from an identity provider, a launch for one who is not there yet waits, says so, and goes on once they are.
test.describe.configure({ mode: "serial" });

const server = new Server(["--speed", "instant", "--identity-source", "external"]);
let page: Page;

test.beforeAll(async ({ browser }) => {
  await server.start();
  page = await (await browser.newContext()).newPage();
  await choosePassword(page, server.link("admin"));
});
test.afterAll(() => server.stop());

const steps = () => page.getByRole("list", { name: "Steps of the request" }).getByRole("listitem");

test("the wizard says that the request will wait, and the request what for", async () => {
  await launch(page, server, "Awaited", "synced@example.com", async () => {
    await expect(page.getByText(/^Users come from your identity provider/)).toBeVisible();
    await expect(page.getByText(/The SSO user synced@example.com is not in IAM Identity Center, .* the request waits/)).toBeVisible();
  });
  await expect(page.getByText(/^Waits for whoever keeps the identity provider's users/)).toBeVisible();
  await expect(steps().nth(1)).toContainText("Wait until the identity provider has brought the SSO user");
  await expect(steps().last()).toContainText("See the account as it was asked for");
});

test("a look finds nobody yet", async () => {
  await page.getByRole("button", { name: "Look now" }).click();
  await expect(page.getByText(/Answered by .*: to look now\./)).toBeVisible();
  await expect(page.getByRole("button", { name: "Look now" })).toBeVisible();
});

test("once the user is there a look takes it to its end", async () => {
  const users = await page.context().newPage();
  await users.goto(at(server, administrator, "/identitycenter/users"));
  await users.getByRole("button", { name: "Add user" }).first().click();
  const dialog = users.getByRole("dialog");
  for (const [label, value] of [["User name", "synced"], ["E-mail", "synced@example.com"], ["First name", "Sy"], ["Last name", "Nced"]] as const) await dialog.getByLabel(label).fill(value);
  await dialog.getByRole("button", { name: "Add user" }).click();
  await expect(users.getByRole("link", { name: "synced" }).first()).toBeVisible();
  await users.close();
  const look = page.getByRole("button", { name: "Look now" });
  const succeeded = page.getByRole("status").getByText("Succeeded");
  await expect(look.or(succeeded).first()).toBeVisible();
  await look.click({ timeout: 5_000 }).catch(() => undefined); // gone when the server looked by itself first, as it does each minute
  await expect(succeeded).toBeVisible({ timeout: 40_000 });
});
