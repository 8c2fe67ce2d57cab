import { expect, test } from "@playwright/test";
import { administrator, at, choosePassword } from "./people";
import { Server } from "./server";

// Pages follow what happens by one stream each, for as long as somebody looks.
const server = new Server(["--speed", "instant"]);
test.beforeAll(() => server.start());
test.afterAll(() => server.stop());

const pages = { "/factory/queue": "Queue", "/factory/requests": "Requests", "/factory/attention": "Waiting for a person", "/servicecatalog/provisioned-products": "Provisioned products" };

test("a page opens one stream and keeps it", async ({ page }) => {
  await choosePassword(page, server.link("admin"));
  let opened = 0;
  page.on("request", (r) => (opened += Number(new URL(r.url()).pathname === "/api/v1/events")));
  for (const [path, heading] of Object.entries(pages)) {
    opened = 0;
    await page.goto(at(server, administrator, path));
    await expect(page.getByRole("heading", { name: heading, exact: true }).first()).toBeVisible();
    await page.waitForTimeout(2500); // long enough for a page that would not leave it at that
    expect(opened, path).toBe(1);
  }
});
