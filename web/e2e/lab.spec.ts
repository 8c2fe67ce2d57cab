import { expect, type Page, test } from "@playwright/test";
import { launch } from "./launch";
import { administrator, at, choosePassword } from "./people";
import { Server } from "./server";

// A scenario played from the page: what it does is seen at a launch, and its next step when that has failed.
test.describe.configure({ mode: "serial" });

const server = new Server(["--speed", "600"]);
let page: Page;

test.beforeAll(async ({ browser }) => {
  await server.start();
  page = await (await browser.newContext()).newPage();
  await choosePassword(page, server.link("admin"));
});
test.afterAll(() => server.stop());

test("the outbox and the events say how long they are kept", async () => {
  for (const name of ["outbox", "events"]) {
    await page.goto(at(server, administrator, `/lab/${name}`));
    await expect(page.getByText(/Kept once delivered for \d+ days, and no more than the last \d+/)).toBeVisible();
  }
});

test("the ready-made scenarios are there, with what they do and when", async () => {
  await page.goto(at(server, administrator, "/lab/scenarios"));
  await expect(page.getByRole("heading", { name: "bad-day" })).toBeVisible();
  await expect(page.getByText("AWS raises the quota").first()).toBeVisible();
  await expect(page.getByText("when CreateManagedAccount FAILED was told").first()).toBeVisible();
});

test("one is played, waits for what is to happen, goes on when it has, and ends", async () => {
  await page.getByRole("button", { name: "Play full-organization" }).click();
  await expect(page.getByText("Playing", { exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "Play drift" })).toHaveAttribute("aria-disabled", "true");
  const other = await page.context().newPage();
  await launch(other, server, "Crowded");
  await expect(other.getByText("ACCOUNT_LIMIT_EXCEEDED").or(other.getByText("The request failed")).first()).toBeVisible({ timeout: 40_000 });
  await expect(page.getByText("Played to its end")).toBeVisible({ timeout: 30_000 });
  await other.getByRole("button", { name: "Retry" }).click();
  await expect(other.getByRole("status").getByText("Succeeded")).toBeVisible({ timeout: 40_000 });
  await other.close();
});

test("what goes on after the page was closed is there again, and is stopped", async () => {
  await page.getByRole("button", { name: "Play bad-day" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Play" }).click();
  await expect(page.getByText("Play of bad-day")).toBeVisible();
  await page.goto(at(server, administrator, "/lab/clock"));
  await page.goto(at(server, administrator, "/lab/scenarios"));
  await expect(page.getByText("Playing", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Stop" }).click();
  await expect(page.getByText("Stopped", { exact: true })).toBeVisible();
});

test("one's own is read strictly, and played", async () => {
  await page.getByRole("button", { name: /Your own/ }).click();
  await page.getByLabel("Scenario", { exact: true }).fill("steps:\n  - what: {explode: true}\n");
  await page.getByRole("button", { name: "Play your own" }).click();
  await expect(page.getByText(/unknown field "explode"/)).toBeVisible();
  await page.getByLabel("Scenario", { exact: true }).fill("steps:\n  - name: nothing is armed any more\n    what: {disarm: true}\n");
  await page.getByRole("button", { name: "Play your own" }).click();
  await expect(page.getByText("Played to its end")).toBeVisible();
});

test("going back says that requests stay, and a request whose account went says so", async () => {
  await page.getByRole("button", { name: "Keep the state" }).click();
  await expect(page.getByText("The state is kept as before-lunch")).toBeVisible();
  const other = await page.context().newPage();
  await launch(other, server, "Passing");
  await expect(other.getByRole("status").getByText("Succeeded")).toBeVisible({ timeout: 40_000 });
  const request = at(server, administrator, new URL(other.url()).pathname.replace(/^.*\/factory/, "/factory"));
  await other.goto(request);
  const product = (await other.getByRole("link", { name: /^pp-/ }).getAttribute("href"))!;
  const gone = other.getByText(/Account \d{12} is not there any more/);
  await expect(other.getByRole("heading", { name: "Passing" })).toBeVisible();
  await expect(gone).toHaveCount(0);

  await page.getByRole("button", { name: "Go back to it" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("The factory's requests stay")).toBeVisible();
  await dialog.getByRole("button", { name: "Go back" }).click();
  await expect(page.getByText("The twin is as it was")).toBeVisible();
  for (const where of [request, server.console + product]) {
    await other.goto(where);
    await expect(gone).toBeVisible();
  }
  await other.close();
});
