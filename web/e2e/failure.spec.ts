import { expect, type Page, test } from "@playwright/test";
import { change, launch } from "./launch";
import { administrator, at, choosePassword, endUser } from "./people";
import { Server } from "./server";

// A vend that fails, is explained, repaired and ends well; a queue that an operator pauses.
test.describe.configure({ mode: "serial" });

const server = new Server(["--speed", "600"]);
let page: Page;

test.beforeAll(async ({ browser }) => {
  await server.start();
  page = await (await browser.newContext()).newPage();
  await choosePassword(page, server.link("requester"));
});
test.afterAll(() => server.stop());

test("a vend that fails shows AWS's words and ours", async () => {
  server.lab("fault", "arm", "--name", "F15", "--count", "1");
  await launch(page, server, "Broken");
  await expect(page.getByText("The request failed")).toBeVisible({ timeout: 40_000 });
  await expect(page.getByText(/AWS Control Tower cannot create an AWS Config delivery channel/).first()).toBeVisible();
});

test("the product is not hidden from the list of one's own", async () => {
  const request = page.url();
  await page.goto(at(server, endUser, "/servicecatalog/provisioned-products"));
  await expect(page.getByRole("row", { name: /Broken/ }).getByText("Error")).toBeVisible();
  await page.goto(request);
});

test("Retry repairs it without typing anything again", async () => {
  await page.getByRole("button", { name: "Retry" }).click();
  await expect(page.getByText("The request failed")).toHaveCount(0);
  await expect(page.getByRole("status").getByText("Succeeded")).toBeVisible({ timeout: 40_000 });
});

test("an operator pauses the queue, and a request says what it waits for until it is cancelled", async ({ browser }) => {
  const admin = await (await browser.newContext()).newPage();
  await choosePassword(admin, server.link("admin"));
  await admin.goto(at(server, administrator, "/factory/queue"));
  await admin.getByRole("button", { name: "Pause" }).click();
  await expect(admin.getByText("Paused").first()).toBeVisible();
  await launch(page, server, "Patient");
  await expect(page.getByText(/Waits for the queue to be resumed/)).toBeVisible();
  await expect(page.getByText("The request is in the queue")).toBeVisible();
  await page.getByRole("button", { name: "Cancel request" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel request" }).click();
  await expect(page.getByRole("status").getByText("Cancelled")).toBeVisible();
  await expect(page.getByText("The request is in the queue")).toHaveCount(0); // it is not any more
  await admin.getByRole("button", { name: "Resume" }).click();
  await expect(admin.getByText("Open", { exact: true }).first()).toBeVisible();
});

test("a requester is not offered the queue's controls, and the audit log says what it takes", async () => {
  await page.goto(at(server, endUser, "/factory/queue"));
  await expect(page.getByText("account operations").first()).toBeVisible();
  await expect(page.getByRole("button", { name: "Pause" })).toHaveCount(0);
  await page.goto(at(server, endUser, "/factory/audit"));
  await expect(page.getByText(/that takes an auditor or an operator/)).toBeVisible();
});

test("a product is terminated only after its name was typed", async ({ browser }) => {
  const admin = await (await browser.newContext()).newPage();
  await admin.goto(at(server, administrator, "/servicecatalog/provisioned-products?view=all"));
  await admin.getByLabel("User name").fill("admin");
  await admin.getByLabel("Password", { exact: true }).fill("Correct-Horse-7");
  await admin.getByRole("button", { name: "Sign in" }).click();
  await admin.getByRole("link", { name: "Broken" }).click();
  await change(admin, "Unmanage");
  const go = admin.getByRole("button", { name: "Unmanage account" });
  await expect(admin.getByText(/leaves Control Tower and stays open/)).toBeVisible();
  await expect(admin.getByText("servicecatalog:TerminateProvisionedProduct")).toBeVisible();
  await expect(go).toHaveAttribute("aria-disabled", "true");
  await admin.getByLabel("Type Broken to confirm").fill("Broken");
  await go.click();
  await expect(admin.getByRole("status").getByText("Succeeded")).toBeVisible({ timeout: 40_000 });
});
