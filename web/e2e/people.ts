import { expect, type Page } from "@playwright/test";
import type { Server } from "./server";

export const password = "Correct-Horse-7";
export const endUser = "AWSServiceCatalogEndUserAccess";
export const administrator = "AWSAdministratorAccess";

// choosePassword opens an invitation and ends signed in to AWS's side: the first page of the console that is opened then goes there and
// comes back by itself, so that a test sees something on it before it opens another.
export async function choosePassword(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByLabel("New password").fill(password);
  await page.getByLabel("The same again").fill(password);
  await page.getByRole("button").click();
  await expect(page.getByRole("heading", { name: "You are signed in", exact: true })).toBeVisible();
}

// signIn fills in the sign-in page that the browser was sent to.
export async function signIn(page: Page, user: string): Promise<void> {
  await page.getByLabel("User name").fill(user);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

// endSession is as when the session has ended. The page is left before: one that still asked would go to the sign-in by
// itself, across whatever the test opens next.
export async function endSession(page: Page): Promise<void> {
  await page.goto("about:blank");
  await page.context().clearCookies();
}

// openRole goes from the portal into an account with a role.
export async function openRole(page: Page, server: Server, account: string, role: string): Promise<void> {
  await page.goto(server.console + "/?accounts");
  const entry = page.getByRole("button", { name: new RegExp(account) });
  if ((await entry.getAttribute("aria-expanded")) !== "true") await entry.click();
  await page.getByRole("link", { name: new RegExp(`Management console as ${role} `) }).click();
  await expect(page.getByRole("heading", { name: "Console home" })).toBeVisible();
}

export const at = (server: Server, role: string, path = "") => `${server.console}/console/${server.account}/${role}${path}`;
