import { expect, type Page, test } from "@playwright/test";
import { change, choose, launch } from "./launch";
import { administrator, at, choosePassword } from "./people";
import { Server } from "./server";

// What an administrator does to the organization and to access: an organizational unit, a control, an assignment, an enrollment.
test.describe.configure({ mode: "serial" });

const server = new Server(["--speed", "instant"]);
let page: Page;

test.beforeAll(async ({ browser }) => {
  await server.start();
  page = await (await browser.newContext()).newPage();
  await choosePassword(page, server.link("admin"));
});
test.afterAll(() => server.stop());

async function unitAction(name: RegExp): Promise<void> {
  await page.getByRole("button", { name: "Actions" }).click();
  await page.getByRole("menuitem", { name }).click();
}

test("an organizational unit is created", async () => {
  await page.goto(at(server, administrator, "/controltower/organization"));
  const menu = await page.getByRole("button", { name: "Actions" }).elementHandle();
  await unitAction(/^Create organizational unit/);
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Sandbox");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(dialog.getByText("Could not create the organizational unit"), "told where it is seen").toBeVisible();
  await expect(dialog.getByLabel("Name"), "and nothing that was typed is lost").toHaveValue("Sandbox");
  await dialog.getByLabel("Name").fill("Workloads");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(page.getByRole("button", { name: "Workloads", exact: true })).toBeVisible();
  expect(await menu!.evaluate((button) => button.isConnected), "the menu that somebody may be at stays").toBe(true);
});

test("reading it anew leaves the keyboard where it is", async () => {
  const refresh = page.getByRole("button", { name: "Refresh" });
  await refresh.press("Enter");
  await expect(page.getByRole("button", { name: "Workloads", exact: true })).toBeVisible();
  await expect(refresh).toBeFocused();
});

test("and registered with Control Tower", async () => {
  await page.getByRole("button", { name: "Workloads", exact: true }).click();
  await unitAction(/^Register/);
  await page.getByRole("dialog").getByRole("button", { name: "Register" }).click();
  const line = page.getByRole("treeitem", { name: /Workloads/ }).last();
  await expect(line.getByText("Registered", { exact: true })).toBeVisible({ timeout: 30_000 });
});

test("accounts can be launched into it from then on", async () => {
  await page.goto(at(server, administrator, "/controltower/create-account"));
  await page.getByRole("button", { name: /Organizational unit/ }).click();
  await expect(page.getByRole("option", { name: /^Workloads/ })).toBeVisible();
  await page.keyboard.press("Escape");
});

test("a control is enabled on it, and disabled", async () => {
  await page.goto(at(server, administrator, "/controltower/controls"));
  await page.getByRole("button", { name: "Enable control" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Control", { exact: true }).fill("arn:aws:controltower:us-east-1::control/AWS-GR_ENCRYPTED_VOLUMES");
  await choose(page, dialog.getByRole("button", { name: /Organizational unit/ }), "Workloads");
  await dialog.getByRole("button", { name: "Enable" }).click();
  await page.getByRole("searchbox", { name: "Search controls" }).fill("ENCRYPTED_VOLUMES");
  const row = page.getByRole("row", { name: /AWS-GR_ENCRYPTED_VOLUMES.*Workloads/ });
  await expect(row.getByText("Succeeded")).toBeVisible({ timeout: 30_000 });
  await row.getByRole("button", { name: /^Disable/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Disable" }).click();
  await expect(row).toHaveCount(0, { timeout: 30_000 });
});

test("a group is let into an account, and taken out again", async () => {
  await page.goto(at(server, administrator, "/identitycenter/accounts"));
  await page.getByRole("link", { name: "Audit" }).click();
  await page.getByRole("button", { name: "Assign" }).click();
  const dialog = page.getByRole("dialog");
  await choose(page, dialog.getByRole("button", { name: /Group or user/ }), "AWSLogArchiveViewers");
  await choose(page, dialog.getByRole("button", { name: /Permission set/ }), "AWSPowerUserAccess");
  await dialog.getByRole("button", { name: "Assign" }).click();
  await expect(page.getByText("The assignment is in force")).toBeVisible();
  const row = page.getByRole("row", { name: /AWSLogArchiveViewers.*AWSPowerUserAccess/ });
  await row.getByRole("button", { name: /^Remove/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(page.getByText(/AWSLogArchiveViewers lost AWSPowerUserAccess/)).toBeVisible();
  await expect(row).toHaveCount(0);
});

test("an account that left Control Tower is enrolled again", async () => {
  test.setTimeout(120_000);
  const succeeded = () => expect(page.getByRole("status").getByText("Succeeded")).toBeVisible({ timeout: 40_000 });
  await launch(page, server, "Stray");
  await succeeded();
  await page.goto(at(server, administrator, "/identitycenter/accounts"));
  const href = await page.getByRole("link", { name: "Stray" }).getAttribute("href");
  const account = at(server, administrator, `/controltower/accounts/${href!.split("/").at(-1)}`);
  await page.goto(account);
  await change(page, "Unmanage");
  await page.getByLabel("Type Stray to confirm").fill("Stray");
  await page.getByRole("button", { name: "Unmanage account" }).click();
  await succeeded();
  await page.goto(account);
  await expect(page.getByText("not enrolled")).toBeVisible();
  await page.getByRole("link", { name: "Enroll", exact: true }).click();
  await choose(page, page.getByRole("button", { name: /Organizational unit/ }), "Workloads");
  for (const [label, value] of [["User e-mail", "owner@example.com"], ["First name", "Olga"], ["Last name", "Owner"]] as const) await page.getByLabel(label).fill(value);
  await page.getByRole("button", { name: "Enroll account" }).click();
  await succeeded();
  await page.goto(account);
  await expect(page.getByText(/^Workloads \(ou-/)).toBeVisible();
  await expect(page.getByText("not enrolled")).toHaveCount(0);
});
