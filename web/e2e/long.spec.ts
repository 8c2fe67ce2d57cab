import { expect, type Page, test } from "@playwright/test";
import { administrator, at, choosePassword } from "./people";
import { Server } from "./server";

// Lists longer than a page of ours reads say so, and how to get at the rest. The server here answers for one that has as many.
const server = new Server();
let page: Page;

test.beforeAll(async ({ browser }) => {
  await server.start();
  page = await (await browser.newContext()).newPage();
  await choosePassword(page, server.link("admin"));
});
test.afterAll(() => server.stop());

test("requests", async () => {
  let number = 100_000;
  await page.route("**/api/v1/requests?*", (route) => {
    const requests = Array.from({ length: 500 }, () => ({ id: `req-${number--}`, number, kind: "launch", state: "succeeded", name: `Account ${number}`, requester: "a/b", createdAt: "2026-01-01T00:00:00Z", accountId: "1", position: 0 }));
    return route.fulfill({ json: { requests, next: number } });
  });
  await page.goto(at(server, administrator, "/factory/requests"));
  await expect(page.getByText("Only 5,000 are shown, and there are more")).toBeVisible();
  await expect(page.getByText(/Choose a state or a kind to narrow the list/)).toBeVisible();
  await expect(page.getByText("(5000+)")).toBeVisible();
});

test("things of AWS", async () => {
  await page.route("**/organizations/ListAccounts", (route) => {
    const Accounts = Array.from({ length: 5000 }, (_, i) => ({ Id: String(i), Name: `Account ${i}`, Email: "", Status: "ACTIVE" }));
    return route.fulfill({ json: { Accounts, NextToken: "more" } });
  });
  await page.goto(at(server, administrator, "/identitycenter/accounts"));
  await expect(page.getByText("Only 20,000 are shown, and there are more")).toBeVisible();
});

test("the audit log shows its newest rows", async () => {
  const end = 23_456;
  let asked = 0;
  await page.route("**/api/v1/audit?*", (route) => {
    asked++;
    const after = Number(new URL(route.request().url()).searchParams.get("after"));
    const rows = Array.from({ length: Math.max(0, Math.min(1000, end - after)) }, (_, i) => ({ number: after + i + 1, at: "2026-01-01T00:00:00Z", actor: "a", action: "b", previous: "", hash: "" }));
    return route.fulfill({ json: { rows } });
  });
  await page.goto(at(server, administrator, "/factory/audit"));
  await expect(page.getByText("Only 10,000 are shown, and there are more")).toBeVisible();
  await expect(page.getByRole("row", { name: /^23456 / })).toBeVisible();
  expect(asked, "calls to find the end and read from there").toBeLessThan(25);
});
