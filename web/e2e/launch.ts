import { expect, type Locator, type Page } from "@playwright/test";
import { at, endUser } from "./people";
import type { Server } from "./server";

// launch goes through the wizard for an account of this name, and ends at the request's page. What is typed besides the six
// parameters is typed on their page.
export async function launch(page: Page, server: Server, name: string, ssoUser = "owner@example.com", besides?: () => Promise<void>): Promise<void> {
  await page.goto(at(server, endUser, "/servicecatalog/products"));
  await page.getByRole("link", { name: "AWS Control Tower Account Factory" }).click();
  await page.getByRole("link", { name: "Launch product" }).click();
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("button", { name: "Next" }).click();
  const values = { SSOUserEmail: ssoUser, SSOUserFirstName: "Olga", SSOUserLastName: "Owner", AccountEmail: `${name.toLowerCase()}@example.com` };
  for (const [label, value] of Object.entries(values)) await page.getByLabel(label).fill(value);
  await choose(page, page.getByLabel("ManagedOrganizationalUnit"), "Sandbox");
  await besides?.();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("button", { name: "Launch", exact: true }).click();
  await expect(page).toHaveURL(/factory\/requests\/req-/);
}

// change opens a form from the menu of what can be changed about an account.
export async function change(page: Page, what: string): Promise<void> {
  await page.getByRole("button", { name: "Change", exact: true }).click();
  await page.getByRole("menuitem", { name: what, exact: true }).click();
}

// choose takes the option that begins with this name: once more where a list that was drawn anew took no notice.
export async function choose(page: Page, list: Locator, option: string): Promise<void> {
  await expect(async () => {
    if ((await list.getAttribute("aria-expanded")) !== "true") await list.click({ timeout: 5_000 });
    await page.getByRole("option", { name: new RegExp(`^${option}\\b`) }).click({ timeout: 5_000 });
    await expect(list).toContainText(option, { timeout: 3_000 });
  }).toPass({ timeout: 45_000 });
}
