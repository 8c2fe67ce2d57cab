import { expect, test } from "@playwright/test";
import { administrator, at, choosePassword, endUser, signIn } from "./people";
import { Server } from "./server";

// Who has no role sees none, and what a role may not do says which permission is missing.
const server = new Server();
test.beforeAll(() => server.start());
test.afterAll(() => server.stop());

test("a user without any role", async ({ browser }) => {
  const admin = await (await browser.newContext()).newPage();
  await choosePassword(admin, server.link("admin"));
  await admin.goto(at(server, administrator, "/identitycenter/users"));
  await admin.getByRole("button", { name: "Add user" }).click();
  const dialog = admin.getByRole("dialog");
  for (const [label, value] of [["User name", "nobody"], ["E-mail", "nobody@example.com"], ["First name", "No"], ["Last name", "Body"]] as const) await dialog.getByLabel(label).fill(value);
  await dialog.getByRole("button", { name: "Add user" }).click();
  await expect(admin.getByText("An invitation went to nobody@example.com.")).toBeVisible();

  const page = await (await browser.newContext()).newPage();
  await choosePassword(page, server.invitation("nobody@example.com"));
  await page.goto(server.console + "/?accounts");
  await expect(page.getByText("No account is assigned to you yet.")).toBeVisible();
  await page.goto(at(server, endUser, "/servicecatalog/products"));
  await expect(page.getByText("This role may not read the products")).toBeVisible();
});

test("a requester at an administrator's page", async ({ page }) => {
  await choosePassword(page, server.link("requester"));
  await page.goto(at(server, endUser, "/identitycenter/users"));
  await expect(page.getByText("This role may not read the users")).toBeVisible();
  await expect(page.getByText("sso:ListInstances").first()).toBeVisible();
  await page.goto(at(server, endUser, "/lab/outbox"));
  await expect(page.getByText("This role may not read the outbox")).toBeVisible();
});

test("an address that is no page", async ({ page }) => {
  await page.goto(server.console + "/nowhere");
  await page.getByLabel("User name").fill("requester");
  await page.getByLabel("Password", { exact: true }).fill("Correct-Horse-7");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("There is no such page")).toBeVisible();
});

test("who could not sign in tries again, and ends where they had wanted to go", async ({ page }) => {
  const wanted = at(server, endUser, "/factory/requests?state=open");
  const fault = JSON.parse(server.lab("fault", "arm", "--kind", "error", "--service", "ssooidc", "--operation", "CreateToken")) as { id: string };
  await page.goto(wanted);
  await expect(page.getByRole("alert")).toContainText("Signing in did not work");
  server.lab("fault", "disarm", fault.id);
  await page.getByRole("link", { name: "Sign in" }).click();
  await signIn(page, "requester");
  await expect(page).toHaveURL(wanted);
  await expect(page.getByRole("heading", { name: "Requests" })).toBeVisible();
});
