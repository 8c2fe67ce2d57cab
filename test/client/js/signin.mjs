// Signs in with the AWS SDK for JavaScript v3 as the AWS CLI does: by device code, leaving the token where profiles of the
// session named accountfactory look for it. "login URL" prints the address to approve at and waits; "caller" says who the profile of
// the environment is.
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { CreateTokenCommand, RegisterClientCommand, SSOOIDCClient, StartDeviceAuthorizationCommand } from "@aws-sdk/client-sso-oidc";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";

const session = "accountfactory";
const region = process.env.AWS_REGION;

async function token(oidc, client, device) {
  for (;;) {
    try {
      return await oidc.send(new CreateTokenCommand({ ...client, deviceCode: device.deviceCode, grantType: "urn:ietf:params:oauth:grant-type:device_code" }));
    } catch (err) {
      if (err.name !== "AuthorizationPendingException" && err.name !== "SlowDownException") throw err;
      await setTimeout(device.interval * 1000);
    }
  }
}

async function login(startUrl) {
  const oidc = new SSOOIDCClient({ region });
  const registered = await oidc.send(new RegisterClientCommand({ clientName: "javascript", clientType: "public", scopes: ["sso:account:access"] }));
  const client = { clientId: registered.clientId, clientSecret: registered.clientSecret };
  const device = await oidc.send(new StartDeviceAuthorizationCommand({ ...client, startUrl }));
  console.log(device.verificationUriComplete);
  const { accessToken, refreshToken, expiresIn } = await token(oidc, client, device);
  const folder = join(homedir(), ".aws", "sso", "cache");
  mkdirSync(folder, { recursive: true });
  const time = (ms) => new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
  const kept = {
    startUrl, region, accessToken, refreshToken, expiresAt: time(Date.now() + expiresIn * 1000), ...client,
    registrationExpiresAt: time(registered.clientSecretExpiresAt * 1000),
  };
  writeFileSync(join(folder, createHash("sha1").update(session).digest("hex") + ".json"), JSON.stringify(kept), { mode: 0o600 });
}

async function caller() {
  console.log((await new STSClient({ region, maxAttempts: 1 }).send(new GetCallerIdentityCommand({}))).Arn);
}

try {
  await (process.argv[2] === "login" ? login(process.argv[3]) : caller());
} catch (err) {
  console.error(`${err.name}: ${err.message}`);
  process.exit(1);
}
