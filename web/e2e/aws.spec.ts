import { expect, type Page, test } from "@playwright/test";
import { choose } from "./launch";
import { administrator, at, choosePassword, endUser } from "./people";
import { Server } from "./server";

// The console as it is on AWS, by an answer that says so: what is AWS's own is linked to, what is the factory's is here.
test.describe.configure({ mode: "serial" });

const server = new Server(["--speed", "instant"]);
let page: Page;

// pretend has the server say other things of the session than are so.
async function pretend(change: object): Promise<void> {
  await page.unrouteAll({ behavior: "wait" });
  await page.route("**/api/v1/session", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...((await answer.json()) as object), ...change } });
  });
}

const onAWS = { cloud: "aws", region: "us-east-1", organizationId: "o-exampleorgid", consoleUrl: "https://us-east-1.console.aws.amazon.com/", portalUrl: "https://d-1234567890.awsapps.com/start" };

test.beforeAll(async ({ browser }) => {
  await server.start();
  page = await (await browser.newContext()).newPage();
  await choosePassword(page, server.link("admin"));
  await pretend(onAWS);
});
test.afterAll(async () => {
  await page.unrouteAll({ behavior: "ignoreErrors" }); // whatever the last page still asks for
  await server.stop();
});

test("every page says that it is AWS, and which organization", async () => {
  await page.goto(at(server, administrator));
  await expect(page.getByText(/o-exampleorgid, account 1234-5678-9012: what is done here is real/)).toBeVisible();
  await expect(page.getByRole("heading", { name: "Lab" })).toHaveCount(0);
  await expect(page.getByText("in AWS's console").first()).toBeVisible();
});

test("pages that AWS has link to AWS's console of the organization's Region", async () => {
  for (const [path, name, address] of [
    ["/controltower", "AWS Control Tower", "https://us-east-1.console.aws.amazon.com/controltower/home?region=us-east-1"],
    ["/identitycenter/groups", "IAM Identity Center", "https://us-east-1.console.aws.amazon.com/singlesignon/home?region=us-east-1"],
    ["/controltower/accounts/111122223333", "AWS Organizations", "https://us-east-1.console.aws.amazon.com/organizations/v2/home/accounts/111122223333"],
  ] as const) {
    await page.goto(at(server, administrator, path));
    await expect(page.getByRole("link", { name: `Open ${name} in AWS's console` })).toHaveAttribute("href", address);
    await expect(page.getByRole("link", { name: `Sign in there as ${administrator} first` })).toHaveAttribute("href", `${onAWS.portalUrl}/#/console?account_id=${server.account}&role_name=${administrator}`);
  }
});

test("there is no lab, neither by search nor by address", async () => {
  await page.getByRole("combobox", { name: "Search services" }).fill("outbox");
  await expect(page.getByText("No service is called outbox")).toBeVisible();
  await page.goto(at(server, administrator, "/lab/outbox"));
  await expect(page.getByText("There is no lab on AWS")).toBeVisible();
});

test("portal, wizard, requests and the factory's forms are here", async () => {
  await page.goto(server.console + "/?accounts");
  await page.getByRole("button", { name: /123456789012/ }).click();
  await expect(page.getByRole("link", { name: `AWS's own console as ${endUser} in`, exact: false })).toHaveAttribute("href", new RegExp(`role_name=${endUser}$`));
  await page.goto(at(server, endUser, "/servicecatalog/products"));
  await page.getByRole("link", { name: "AWS Control Tower Account Factory" }).click();
  await page.getByRole("link", { name: "Launch product" }).click();
  await expect(page.getByLabel("Name", { exact: true })).toBeVisible();
  await page.goto(at(server, administrator, "/factory/requests"));
  await page.getByRole("link", { name: "Create account", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Create account" })).toBeVisible();
  for (const [field, value] of [["Account e-mail", "real@example.com"], ["Display name", "Real One"], ["User e-mail", "real@example.com"], ["First name", "Rea"], ["Last name", "Lee"]] as const) {
    await page.getByLabel(field, { exact: true }).fill(value);
  }
  await choose(page, page.getByRole("button", { name: /Organizational unit/ }), "Sandbox");
  await page.getByRole("button", { name: "Create account" }).click();
  const asked = page.getByRole("dialog", { name: "Create a real account" });
  await expect(asked.getByText(/o-exampleorgid gets a new AWS account, Real One. It costs nothing by itself/)).toBeVisible();
  await expect(asked.getByRole("button", { name: "Create account" })).toBeDisabled();
  await asked.getByLabel("Type Real One to confirm").fill("Real One");
  await asked.getByRole("button", { name: "Create account" }).click();
  await expect(page).toHaveURL(/\/factory\/requests\//);
});

test("somebody without roles of AWS has the factory, and only that", async () => {
  await pretend({ ...onAWS, awsRoles: false, factoryRole: "operator", portalUrl: undefined });
  const product = { id: "prod-abcdefghijklm", name: "AWS Control Tower Account Factory", versionId: "pa-abcdefghijklm", version: "1" };
  const unit = { id: "ou-abcd-11111111", name: "Sandbox", path: "Sandbox", value: "Sandbox (ou-abcd-11111111)" };
  await page.route("**/api/v1/catalog", (route) => route.fulfill({ json: { product, organizationalUnits: [unit] } }));
  for (const path of ["requests", "checks", "queue", "caller"]) { // the server we pretend with wants a role that there is
    await page.route(`**/api/v1/${path}*`, (route) => route.continue({ headers: { ...route.request().headers(), "x-accountfactory-role": `${server.account}/${administrator}` } }));
  }
  await page.goto(server.console + "/");
  await page.getByRole("link", { name: /Accounts/ }).click();
  await expect(page.getByText("Account Factory (operator) @ 1234-5678-9012").first()).toBeVisible();
  await expect(page.getByRole("heading", { name: "Control Tower" })).toHaveCount(0);
  await page.goto(at(server, "factory", "/servicecatalog/products"));
  await page.getByRole("link", { name: "AWS Control Tower Account Factory" }).click();
  await page.getByRole("link", { name: "Launch product" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Plain");
  await expect(page.getByText(/Plain is free/)).toBeVisible();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByLabel("ManagedOrganizationalUnit").click();
  await expect(page.getByRole("option", { name: unit.value })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.goto(at(server, "factory", "/factory/requests"));
  await expect(page.getByText("Real One").first()).toBeVisible();
});
