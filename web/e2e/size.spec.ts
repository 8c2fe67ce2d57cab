import { expect, test } from "@playwright/test";
import { choosePassword } from "./people";
import { Server } from "./server";

const server = new Server();
test.afterAll(() => server.stop());

test("the first page takes under 600 KB at first and under 20 KB after that", async ({ browser, page }) => {
  await server.start();
  await choosePassword(page, server.link("requester"));
  const state = await page.context().storageState();
  const fresh = await (await browser.newContext({ storageState: state })).newPage(); // signed in, with nothing in its cache
  const devtools = await fresh.context().newCDPSession(fresh);
  await devtools.send("Network.enable");
  let bytes = 0;
  let foreign = 0;
  devtools.on("Network.loadingFinished", (e) => (bytes += e.encodedDataLength));
  fresh.on("request", (r) => !r.url().startsWith(server.console) && !r.url().startsWith("data:") && foreign++);
  const open = async () => {
    bytes = 0;
    await fresh.goto(server.console + "/", { waitUntil: "networkidle" });
    await expect(fresh.getByRole("button", { name: "AWS Account" })).toBeVisible();
    return bytes;
  };
  const cold = await open();
  const warm = await open();
  console.log(`first page: ${cold} bytes cold, ${warm} bytes warm`);
  expect(cold).toBeLessThan(600_000);
  expect(warm).toBeLessThan(20_000);
  expect(foreign, "requests to elsewhere").toBe(0);
});
