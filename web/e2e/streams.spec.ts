import { type BrowserContext, expect, type Page, type Request, test } from "@playwright/test";
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

test("a page opens one stream and keeps it, whatever the stream tells", async () => {
  const opened = new Map<string, number>();
  const tabs: Page[] = [];
  for (const [path, heading] of Object.entries(pages)) {
    const page = await signedIn.newPage();
    tabs.push(page);
    opened.set(path, 0);
    page.on("request", (r) => opened.set(path, opened.get(path)! + Number(isStream(r.url()))));
    await page.goto(at(server, administrator, path));
    await expect(page.getByRole("heading", { name: heading }).first()).toBeVisible();
  }
  const queue = tabs[0]!;
  for (const [mode, shown] of [["paused", "Paused"], ["open", "Open"], ["paused", "Paused"], ["open", "Open"]] as const) {
    expect(await setMode(queue, mode)).toBe(200);
    await expect(queue.getByText(shown, { exact: true })).toBeVisible();
  }
  expect(Object.fromEntries(opened)).toEqual(Object.fromEntries(Object.keys(pages).map((path) => [path, 1])));
  for (const tab of tabs) await tab.close();
});

test("a page that nobody looks at gives its stream up, and reads what has happened when it is looked at again", async () => {
  const page = await signedIn.newPage();
  let reading = 0; // calls that are not answered yet, but for the stream
  const counts = (by: number) => (r: Request) => void (reading += isStream(r.url()) ? 0 : by);
  page.on("request", counts(1)).on("requestfinished", counts(-1)).on("requestfailed", counts(-1));
  const streams = page.waitForResponse((r) => isStream(r.url()));
  await page.goto(at(server, administrator, "/factory/queue"));
  await expect(page.getByText("Open", { exact: true })).toBeVisible();
  await streams;
  const ended = page.waitForEvent("requestfailed", (r) => isStream(r.url()));
  await looks(page, "hidden");
  await ended;
  await expect.poll(() => reading).toBe(0); // what the stream told first has been read
  expect(await setMode(page, "paused")).toBe(200);
  expect(await setMode(page, "paused")).toBe(200); // and what it would tell would have come by now
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

const isStream = (url: string) => new URL(url).pathname === "/api/v1/events";

// setMode pauses the queue, or opens it, past the page's own controls.
const setMode = (page: Page, mode: "paused" | "open") =>
  page.evaluate(
    async ([role, body]) => {
      const headers = { "Content-Type": "application/json", "X-Accountfactory-Role": role! };
      return (await fetch("/api/v1/queue", { method: "PUT", headers, body: body! })).status;
    },
    [`${server.account}/${administrator}`, JSON.stringify({ mode })],
  );

// looks has the page believe that somebody looks at it, or nobody.
const looks = (page: Page, state: "hidden" | "visible") =>
  page.evaluate((s) => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => s });
    document.dispatchEvent(new Event("visibilitychange"));
  }, state);
