import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const binary = process.env.ACCOUNTFACTORY_BINARY ?? join(import.meta.dirname, "../../bin/accountfactory");
const startWithin = 30_000;

// Server is the built program on a data folder of its own, as its users start it.
export class Server {
  readonly data = mkdtempSync(join(tmpdir(), "accountfactory-"));
  readonly account = "123456789012";
  console = "";
  private aws = "";
  private out = "";
  private process: ChildProcess | undefined;

  constructor(readonly args: string[] = ["--speed", "600"]) {}

  // start serves on free ports the first time, and on the same ones after that.
  async start(): Promise<this> {
    const ready = join(this.data, "ready.json");
    rmSync(ready, { force: true });
    const host = (url: string) => (url ? new URL(url).host : "localhost:0");
    const args = ["serve", "--data", this.data, "--aws", host(this.aws), "--console", host(this.console), "--ready-file", ready, ...this.args];
    const env = Object.fromEntries(Object.entries(process.env).filter(([k]) => !/^(AWS_|ACCOUNTFACTORY_)/.test(k)));
    const child = spawn(binary, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.on("data", (d) => (this.out += String(d)));
    child.stderr.on("data", (d) => (this.out += String(d)));
    this.process = child;
    await until(() => existsSync(ready) || child.exitCode !== null, startWithin);
    if (!existsSync(ready)) throw new Error("the server did not start: " + this.out);
    if (!this.console) await until(() => this.out.includes("requester: "), startWithin); // the links come after the file
    const at = JSON.parse(readFileSync(ready, "utf8")) as { aws: string; console: string };
    this.aws = at.aws;
    this.console = at.console;
    return this;
  }

  // link is the one-time link of a user that first start made.
  link(user: string): string {
    const found = new RegExp(`${user}: (\\S+)`).exec(this.out)?.[1];
    if (!found) throw new Error(`no link for ${user} in: ${this.out}`);
    return found;
  }

  // invitation is the link in the newest mail to an address.
  invitation(to: string): string {
    return this.mailed(to, /^Link: (\S+)$/m);
  }

  // code is the one in the newest mail to an address.
  code(to: string): string {
    return this.mailed(to, /^Verification code: (\S+)$/m);
  }

  private mailed(to: string, what: RegExp): string {
    const folder = join(this.data, "outbox");
    const mails = readdirSync(folder).sort().map((name) => readFileSync(join(folder, name), "utf8"));
    const found = what.exec(mails.filter((m) => m.startsWith(`To: ${to}\n`)).at(-1) ?? "")?.[1];
    if (!found) throw new Error(`no mail with ${what} to ${to}`);
    return found;
  }

  // lab runs the command line's lab, as whoever serves would.
  lab(...args: string[]): string {
    const done = spawnSync(binary, ["lab", ...args, "--data", this.data], { encoding: "utf8" });
    if (done.status !== 0) throw new Error(`lab ${args.join(" ")}: ${done.stderr}`);
    return done.stdout;
  }

  // kill ends the process as kill -9 does.
  async kill(): Promise<void> {
    const gone = this.process;
    gone?.kill("SIGKILL");
    await until(() => !gone || gone.exitCode !== null || gone.signalCode !== null, 5000);
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.data, { recursive: true, force: true });
  }
}

export async function until(done: () => boolean, within: number): Promise<void> {
  for (const end = Date.now() + within; !done(); ) {
    if (Date.now() > end) throw new Error("gave up waiting");
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
