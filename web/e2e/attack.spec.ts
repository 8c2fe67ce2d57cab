import { expect, test } from "@playwright/test";
import { administrator, at, choosePassword } from "./people";
import { Server } from "./server";

// Links that others make: a page must not call what the address tells it to.
const server = new Server(["--speed", "instant"]);
test.beforeAll(() => server.start());
test.afterAll(() => server.stop());

const outside = [
  ["account", `${encodeURIComponent("../session/sign-out?x=")}/${administrator}/controltower`],
  ["role", `123456789012/${encodeURIComponent("../../../session/sign-out?x=")}/controltower`],
  ["role of dots", `123456789012/%252e%252e/controltower`],
  ["account of dots", `%252e%252e/${administrator}/controltower`],
] as const;

test("an address whose account or role is none calls nothing with it", async ({ page }) => {
  await choosePassword(page, server.link("admin"));
  const written: string[] = [];
  page.on("request", (r) => r.method() !== "GET" && written.push(`${r.method()} ${new URL(r.url()).pathname}`));
  for (const [name, path] of outside) {
    await page.goto(`${server.console}/console/${path}`);
    await expect.soft(page.getByText("There is no such page"), name).toBeVisible();
  }
  expect(written).toEqual([]);
  await page.goto(at(server, administrator));
  await expect(page.getByRole("heading", { name: "Console home" })).toBeVisible();
});

test("a page that lets nobody in leads to no other place than one of this server", async ({ page }) => {
  for (const to of ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "/sign-in/out"]) {
    await page.goto(`${server.console}/sign-in/callback?state=of-no-sign-in&return=${encodeURIComponent(to)}`);
    await expect.soft(page.getByRole("link", { name: "Sign in" }), to).toHaveAttribute("href", "/sign-in");
  }
  await page.goto(`${server.console}/sign-in/callback?state=of-no-sign-in&return=${encodeURIComponent(`/console/"><img src=x onerror=alert(1)>`)}`);
  await expect(page.getByRole("link", { name: "Sign in" })).toHaveAttribute("href", "/sign-in?return=%2Fconsole%2F%22%3E%3Cimg+src%3Dx+onerror%3Dalert%281%29%3E");
  await expect(page.locator("img")).toHaveCount(0);
});
