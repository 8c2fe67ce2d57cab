import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { administrator, at, choosePassword } from "./people";
import { Server } from "./server";

// Pages follow what happens by one stream each, for as long as somebody looks.
const server = new Server(["--speed", "instant"]);
let signedIn: BrowserContext;
test.beforeAll(async ({ browser }) => {
  await server.start();
  signedIn = await browser.newContext();
  await choosePassword(await signedIn.newPage(), server.link("admin"));
});
test.afterAll(() => server.stop());

const pages = { "/factory/queue": "Queue", "/factory/requests": "Requests", "/factory/attention": "Waiting for a person", "/servicecatalog/provisioned-products": "Provisioned products" };

test("a page opens one stream and keeps it", async () => {
  const page = await signedIn.newPage();
  let opened = 0;
  page.on("request", (r) => (opened += Number(new URL(r.url()).pathname === "/api/v1/events")));
  for (const [path, heading] of Object.entries(pages)) {
    opened = 0;
    await page.goto(at(server, administrator, path));
    await expect(page.getByRole("heading", { name: heading }).first()).toBeVisible();
    await page.waitForTimeout(2500); // long enough for a page that would not leave it at that
    expect(opened, path).toBe(1);
  }
});

test("a page that nobody looks at gives its stream up, and reads what has happened when it is looked at again", async () => {
  const page = await signedIn.newPage();
  await page.goto(at(server, administrator, "/factory/queue"));
  await expect(page.getByText("Open", { exact: true })).toBeVisible();
  await page.waitForTimeout(1000); // what the stream told first has been read
  const ended = page.waitForEvent("requestfailed", (r) => new URL(r.url()).pathname === "/api/v1/events");
  await looks(page, "hidden");
  await ended;
  const done = await page.evaluate(async (role) => {
    const answer = await fetch("/api/v1/queue", { method: "PUT", headers: { "Content-Type": "application/json", "X-Accountfactory-Role": role }, body: '{"mode":"paused"}' });
    return answer.status;
  }, `${server.account}/${administrator}`);
  expect(done).toBe(200);
  await page.waitForTimeout(1000);
  await expect(page.getByText("Open", { exact: true })).toBeVisible();
  await looks(page, "visible");
  await expect(page.getByText("Paused", { exact: true })).toBeVisible();
});

test("a page that only listens leads to the sign-in when the session has ended", async () => {
  const page = await signedIn.newPage();
  await page.goto(at(server, administrator, "/factory/requests"));
  await expect(page.getByRole("heading", { name: /^Requests/ })).toBeVisible();
  await looks(page, "hidden");
  const out = await page.evaluate(async (path) => (await fetch(path, { method: "POST", body: "{}" })).status, `/api/v1/twin/${server.account}/${administrator}/admin/users/admin/sign-out`);
  expect(out).toBe(200);
  await looks(page, "visible");
  await expect(page.getByLabel("User name")).toBeVisible({ timeout: 30_000 });
});

// looks has the page believe that somebody looks at it, or nobody.
const looks = (page: Page, state: "hidden" | "visible") =>
  page.evaluate((s) => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => s });
    document.dispatchEvent(new Event("visibilitychange"));
  }, state);
