import { expect, test } from "@playwright/test";
import { administrator, at, choosePassword } from "./people";
import { Server } from "./server";

// A link that a broker made of a role's keys opens the console with that role, and with nothing else.
const server = new Server(["--speed", "instant"]);
test.beforeAll(() => server.start());
test.afterAll(() => server.stop());

test("a federation link opens its role at the page it names", async ({ browser, page }) => {
  await choosePassword(page, server.link("admin"));
  await page.goto(at(server, administrator));
  await expect(page.getByRole("heading", { name: "Console home" })).toBeVisible();
  const token = await page.evaluate(async (path) => {
    const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" });
    const k = (await answer.json()) as Record<string, string>;
    const session = JSON.stringify({ sessionId: k.accessKeyId, sessionKey: k.secretAccessKey, sessionToken: k.sessionToken });
    const given = await fetch("/federation?" + new URLSearchParams({ Action: "getSigninToken", Session: session }));
    return ((await given.json()) as { SigninToken: string }).SigninToken;
  }, `/api/v1/portal/accounts/${server.account}/roles/${administrator}/keys`);

  const link = server.console + "/federation?" + new URLSearchParams({ Action: "login", Issuer: "https://broker.example/", Destination: "https://console.aws.amazon.com/controltower/home", SigninToken: token });
  const guest = await (await browser.newContext()).newPage();
  await guest.goto(link);
  await expect(guest.getByRole("heading", { name: "Landing zone" })).toBeVisible();
  expect(guest.url()).toMatch(/\/console\/123456789012\/AWSReservedSSO_AWSAdministratorAccess_\w+\/controltower$/);
  await guest.goto(server.console + "/?accounts");
  await expect(guest.getByRole("button", { name: "AWS Account 1 account" })).toBeVisible();
  await guest.goto(at(server, administrator, "/servicecatalog/products"));
  await expect(guest.getByText("This role may not read the products")).toBeVisible();
  await guest.getByRole("button", { name: /admin/ }).first().click();
  await guest.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(guest.getByText("You are signed out.")).toBeVisible();
  await guest.goto(server.console + "/signin/console");
  await expect(guest.getByText("This console session has ended.")).toBeVisible();

  const late = await (await browser.newContext()).newPage();
  await late.goto(link);
  await expect(late.getByText(/This sign-in link has been used/)).toBeVisible();
});
