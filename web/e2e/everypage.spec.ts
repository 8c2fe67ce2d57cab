import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { launch } from "./launch";
import { administrator, at, choosePassword } from "./people";
import type { PageName } from "../src/router/patterns";
import { addresses, type Ids } from "./quality";
import { Server } from "./server";

// Every page of the route table, with something on it: axe finds nothing, nothing scrolls sideways, no button is cut off, and the
// browser's console stays quiet, which a breach of the content security policy would not leave so.
const server = new Server(["--speed", "instant"]);
let page: Page;
let pages: Map<PageName, string>;
const complaints: string[] = [];
const pictures = process.env.SCREENSHOTS; // a folder to put them in, for a person to look at

test.beforeAll(async ({ browser }) => {
  test.setTimeout(120_000);
  await server.start();
  page = await (await browser.newContext()).newPage();
  await choosePassword(page, server.link("admin"));
  await launch(page, server, "Ready");
  await expect(page.getByRole("status").getByText("Succeeded")).toBeVisible({ timeout: 30_000 });
  pages = new Map(addresses(server.account, administrator, await findIds()));
  page.on("console", (m) => m.type() === "error" && complaints.push(`${page.url()}: ${m.text()}`));
  page.on("pageerror", (e) => complaints.push(`${page.url()}: ${e.message}`));
});
test.afterAll(() => server.stop());

async function findIds(): Promise<Ids> {
  const last = async (path: string, link: RegExp) => {
    await page.goto(at(server, administrator, path));
    const href = await page.getByRole("main").getByRole("link", { name: link }).first().getAttribute("href");
    return href!.split("/").at(-1)!;
  };
  const request = new URL(page.url()).pathname.split("/").at(-1)!;
  return {
    request,
    product: await last("/servicecatalog/products", /Account Factory/),
    provisioned: await last("/servicecatalog/provisioned-products?view=all", /Ready/),
    account: await last("/identitycenter/accounts", /Ready/),
    user: await last("/identitycenter/users", /requester/),
    group: await last("/identitycenter/groups", /AWSControlTowerAdmins/),
    permissionSet: await last("/identitycenter/permission-sets", /AWSAdministratorAccess/),
  };
}

// settled waits until a page has its heading and reads nothing any more.
async function settled(address: string): Promise<void> {
  await page.goto(server.console + address);
  await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
  await expect(page.getByText("Reading…")).toHaveCount(0);
  await expect(page.getByText("Checking…")).toHaveCount(0);
}

// eachScheme does something in light and in dark colours.
async function eachScheme(what: (scheme: "light" | "dark") => Promise<void>): Promise<void> {
  for (const scheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    await what(scheme);
  }
}

test("every page", async () => {
  test.setTimeout(600_000); // a minute on a machine that does nothing else
  for (const [name, address] of pages) {
    await settled(address);
    for (const width of [1280, 420]) {
      await page.setViewportSize({ width, height: 900 });
      await eachScheme(async (scheme) => {
        const where = `${name}, ${width} wide, ${scheme}`;
        // A page takes a moment to be as narrow as its window; what stays too wide stays so.
        await expect.configure({ soft: true }).poll(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth), `${where}: scrolls sideways`).toBeLessThanOrEqual(0);
        expect.soft(await clipped(page), `${where}: cut off`).toEqual([]);
        if (pictures) await page.screenshot({ path: `${pictures}/${name}-${width}-${scheme}.png` });
        if (width === 1280) expect.soft(await axe(scheme), `${where}: axe`).toEqual([]);
      });
    }
    await page.setViewportSize({ width: 1280, height: 900 });
  }
  expect(complaints, "the browser's console").toEqual([]);
});

// axe gives what it finds. Colours alone differ in the dark.
async function axe(scheme: "light" | "dark"): Promise<string[]> {
  const builder = new AxeBuilder({ page });
  const { violations } = await (scheme === "light" ? builder : builder.withRules(["color-contrast"])).analyze();
  return violations.map((v) => `${v.id}: ${v.help}\n${v.nodes.slice(0, 3).map((n) => "  " + n.html.slice(0, 300)).join("\n")}`);
}

// clipped names the buttons whose text does not fit in, or that stand out of the page.
const clipped = (page: Page) =>
  page.evaluate(() => {
    const out: string[] = [];
    for (const button of document.querySelectorAll<HTMLElement>("main button, main a[role=button]")) {
      if (!button.offsetParent || getComputedStyle(button).visibility === "hidden") continue;
      const box = button.getBoundingClientRect();
      const text = document.createRange();
      text.selectNodeContents(button);
      const words = text.getBoundingClientRect();
      const scroller = button.closest<HTMLElement>("[class*=wrapper]"); // a wide table scrolls in itself
      const scrolls = scroller && scroller.scrollWidth > scroller.clientWidth;
      const outside = !scrolls && box.width > 0 && (box.right > innerWidth + 1 || box.left < -1);
      if (outside || (button.textContent?.trim() && words.right > box.right + 2)) out.push((button.ariaLabel || button.textContent || "").trim());
    }
    return out;
  });
