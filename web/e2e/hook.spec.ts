import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { launch } from "./launch";
import { administrator, at, choosePassword } from "./people";
import { Server } from "./server";

// What a hook was told stands in the timeline, with its answer; one that failed is run again by an operator.
test.describe.configure({ mode: "serial" });

const server = new Server(["--speed", "instant"]);
let page: Page;

test.beforeAll(async ({ browser }) => {
  const hooks = join(server.data, "hooks.yaml");
  const mark = join(server.data, "there");
  // greet ends after picky, so that their lines change places when picky has been run again
  writeFileSync(hooks, `- {name: greet, on: [success], command: [sh, -c, "sleep 1; echo hello"], attempts: 1}\n- {name: picky, on: [success], command: [ls, ${mark}], attempts: 1}\n`);
  server.args.push("--hooks", hooks);
  await server.start();
  page = await (await browser.newContext()).newPage();
  await choosePassword(page, server.link("admin"));
});
test.afterAll(() => server.stop());

test("each telling has a line, with attempts and answer", async () => {
  await launch(page, server, "Hooked");
  const line = page.getByRole("listitem").filter({ hasText: "Hook greet" });
  await expect(line).toContainText("Told that it succeeded: done, 1 attempt", { timeout: 40_000 });
  await expect(page.getByRole("listitem").filter({ hasText: "Hook picky" })).toContainText("failed, 1 attempt", { timeout: 30_000 });
  await expect(page.getByRole("button", { name: "Run the hook picky again" })).toHaveCount(0); // not for who may only launch
});

test("an operator sees what it said, and has it run again", async () => {
  const id = page.url().split("/").at(-1)!;
  await page.goto(at(server, administrator, `/factory/requests/${id}`));
  await page.getByRole("listitem").filter({ hasText: "Hook greet" }).getByRole("button", { name: "What it said last" }).click();
  await expect(page.getByLabel("Output of greet")).toHaveText(/hello/);
  writeFileSync(join(server.data, "there"), "");
  await page.getByRole("button", { name: "Run the hook picky again" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "Hook pickyTold" })).toContainText("done", { timeout: 30_000 });
  await expect(page.getByLabel("Output of greet"), "stays open though lines change places").toBeVisible();
});
