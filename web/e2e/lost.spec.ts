import { expect, test } from "@playwright/test";
import { launch } from "./launch";
import { choosePassword } from "./people";
import { Server } from "./server";

const server = new Server(["--speed", "120"]);
test.afterAll(() => server.stop());

test("the server is killed mid-vend: the page says so, comes back and ends right without a reload", async ({ page }) => {
  await server.start();
  await choosePassword(page, server.link("requester"));
  server.lab("clock", "freeze"); // AWS is not done before the server is killed
  await launch(page, server, "Survivor");
  await page.evaluate(() => Object.assign(window, { notReloaded: true }));
  await expect(page.getByText("Follow AWS until the account is made").first()).toBeVisible();
  await expect(page.getByRole("status").getByText("In progress")).toBeVisible();
  await server.kill();
  await expect(page.getByText(/Connection lost .* ago/)).toBeVisible();
  await expect(page.getByRole("heading", { name: "Survivor" })).toBeVisible();
  await server.start();
  await expect(page.getByText(/Connection lost/)).toHaveCount(0);
  server.lab("clock", "run");
  await expect(page.getByRole("status").getByText("Succeeded")).toBeVisible({ timeout: 45_000 });
  expect(await page.evaluate(() => "notReloaded" in window)).toBe(true);
});
