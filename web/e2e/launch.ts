import { expect, type Page } from "@playwright/test";
import { at, endUser } from "./people";
import type { Server } from "./server";

// launch goes through the wizard for an account of this name, and ends at the request's page.
export async function launch(page: Page, server: Server, name: string, ssoUser = "owner@example.com"): Promise<void> {
  await page.goto(at(server, endUser, "/servicecatalog/products"));
  await page.getByRole("link", { name: "AWS Control Tower Account Factory" }).click();
  await page.getByRole("link", { name: "Launch product" }).click();
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("button", { name: "Next" }).click();
  const values = { SSOUserEmail: ssoUser, SSOUserFirstName: "Olga", SSOUserLastName: "Owner", AccountEmail: `${name.toLowerCase()}@example.com` };
  for (const [label, value] of Object.entries(values)) await page.getByLabel(label).fill(value);
  await chooseSandbox(page, values.AccountEmail);
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("button", { name: "Launch", exact: true }).click();
  await expect(page).toHaveURL(/factory\/requests\/req-/);
}

// chooseSandbox chooses the OU. What the checks say moves what stands below, so the list is opened when they have spoken.
export async function chooseSandbox(page: Page, accountEmail: string): Promise<void> {
  await expect(page.getByText(`No account of the organization has ${accountEmail}`)).toBeVisible();
  await page.getByLabel("ManagedOrganizationalUnit").click();
  await page.getByRole("option", { name: /^Sandbox \(ou-/ }).click();
  await expect(page.getByLabel("ManagedOrganizationalUnit")).toContainText("Sandbox");
}
