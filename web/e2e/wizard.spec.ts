import { expect, type Page, test } from "@playwright/test";
import { administrator, at, choosePassword, endSession, endUser, signIn } from "./people";
import { Server } from "./server";

// What the wizard refuses and says before anything is created.
test.describe.configure({ mode: "serial" });

const server = new Server();
let page: Page;

test.beforeAll(async ({ browser }) => {
  await server.start();
  page = await (await browser.newContext()).newPage();
  await choosePassword(page, server.link("requester"));
});
test.afterAll(() => server.stop());

test("a deep link survives the sign-in", async ({ browser }) => {
  const stranger = await (await browser.newContext()).newPage();
  await stranger.goto(at(server, endUser, "/servicecatalog/provisioned-products?view=all"));
  await expect(stranger.getByLabel("User name")).toBeVisible();
  await stranger.getByLabel("User name").fill("requester");
  await stranger.getByLabel("Password", { exact: true }).fill("Correct-Horse-7");
  await stranger.getByRole("button", { name: "Sign in" }).click();
  await expect(stranger).toHaveURL(at(server, endUser, "/servicecatalog/provisioned-products?view=all"));
  await expect(stranger.getByText("servicecatalog:SearchProvisionedProducts").first()).toBeVisible();
});

test("an account e-mail that is taken is refused while it is typed", async () => {
  await page.goto(at(server, endUser, "/servicecatalog/products"));
  await page.getByRole("link", { name: "AWS Control Tower Account Factory" }).click();
  await page.getByRole("link", { name: "Launch product" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Team");
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByLabel("AccountEmail").fill("audit@example.com");
  await page.getByLabel("AccountEmail").blur();
  await expect(page.getByText(/audit@example.com .*(belongs|in use|has)/i)).toBeVisible();
  await page.getByRole("button", { name: "Next" }).click();
  await expect(page).toHaveURL(/step=2/);
});

test("fields stay where they are while checks come and go", async () => {
  const last = page.getByLabel("ManagedOrganizationalUnit");
  const place = () => last.evaluate((field) => Math.round(field.getBoundingClientRect().top + scrollY));
  const before = await place();
  await page.getByLabel("AccountEmail").fill("free@example.com");
  expect(await place(), "while it is checked").toBe(before);
  await expect(page.getByText("No account of the organization has free@example.com")).toBeVisible();
  expect(await place(), "found good").toBe(before);
  await page.getByLabel("SSOUserEmail").fill("nobody");
  await page.getByLabel("SSOUserEmail").blur();
  await expect(page.getByText(/"nobody" is not an e-mail AWS takes/i)).toBeVisible();
  expect(await place(), "found wrong").toBe(before);
  await page.getByLabel("SSOUserEmail").fill("");
  await page.getByRole("button", { name: "Next" }).click();
  await expect(page.getByText("Fill this in.").first()).toBeVisible();
  expect(await place(), "missing").toBe(before);
  await expect(page.getByLabel("SSOUserEmail"), "the first that is missing").toBeFocused();
});

test("a line that is half typed is not dropped in silence", async () => {
  await page.getByRole("button", { name: /^More/ }).click();
  await page.getByRole("button", { name: "Add a tag" }).click();
  await page.getByLabel("Value of tag 1").fill("blue");
  await expect(page.getByText("A value has no name.")).toBeVisible();
  await page.getByRole("button", { name: "Next" }).click();
  await expect(page.getByText(/A line under More is not finished/)).toBeVisible();
  await page.getByRole("button", { name: "Remove the tag without a name" }).click();
  await expect(page.getByText(/A line under More is not finished/)).toHaveCount(0);
});

test("what one person has typed is not shown to the next in the same tab", async ({ browser }) => {
  const tab = await (await browser.newContext()).newPage();
  await choosePassword(tab, server.link("admin"));
  await tab.goto(at(server, administrator, "/controltower/create-account"));
  await tab.getByLabel("Display name").fill("Secret project");
  const typed = () => tab.evaluate(() => JSON.stringify(sessionStorage));
  await tab.reload();
  await expect(tab.getByLabel("Display name"), "kept across a reload").toHaveValue("Secret project");
  await endSession(tab);
  await tab.goto(server.console);
  await signIn(tab, "requester");
  await expect(tab.getByRole("heading", { name: "Access portal" })).toBeVisible();
  expect(await typed()).not.toContain("Secret project");
});

test("an SSO user that exists will be reused, and the wizard says so", async () => {
  await page.getByLabel("SSOUserEmail").fill("admin@example.com");
  await expect(page.getByText(/admin@example.com exists and will be reused/)).toBeVisible();
});

test("an e-mail that is none is called so when the field is left", async () => {
  await page.getByLabel("SSOUserEmail").fill("nobody");
  await page.getByLabel("SSOUserEmail").blur();
  await expect(page.getByText(/"nobody" is not an e-mail AWS takes/i)).toBeVisible();
});

test("the wizard works by keyboard alone", async () => {
  await page.goto(at(server, endUser, "/servicecatalog/products"));
  await page.getByRole("link", { name: "AWS Control Tower Account Factory" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "Launch product" }).focus();
  await page.keyboard.press("Enter");
  const name = page.getByLabel("Name", { exact: true });
  await name.focus();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("By keyboard");
  for (let i = 0; i < 20 && !(await page.getByRole("button", { name: "Next" }).evaluate((b) => b === document.activeElement)); i++) await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/step=2/);
});
