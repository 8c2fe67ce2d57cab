// Makes AWS calls with the AWS SDK for JavaScript v3 as told: one JSON object per line in, one answer per line out.
import { createHash, createHmac } from "node:crypto";
import { createInterface } from "node:readline";
import { SignatureV4 } from "@smithy/signature-v4";

const packages = {
  iam: ["@aws-sdk/client-iam", "IAMClient"],
  identitystore: ["@aws-sdk/client-identitystore", "IdentitystoreClient"],
  organizations: ["@aws-sdk/client-organizations", "OrganizationsClient"],
  servicecatalog: ["@aws-sdk/client-service-catalog", "ServiceCatalogClient"],
  ssoadmin: ["@aws-sdk/client-sso-admin", "SSOAdminClient"],
  sts: ["@aws-sdk/client-sts", "STSClient"],
};
const endpoint = process.env.AWS_ENDPOINT_URL;
const region = process.env.AWS_REGION;

function credentials(keys) {
  return { accessKeyId: keys.id, secretAccessKey: keys.secret, sessionToken: keys.token || undefined };
}

async function open(call) {
  const [name, client] = packages[call.service] ?? [];
  if (!name) return {};
  const sdk = await import(name);
  return { sdk, client: new sdk[client]({ endpoint, region, credentials: credentials(call.keys), maxAttempts: 1 }) };
}

// $metadata is the SDK's own, not of the answer.
function plain({ $metadata, ...output }) {
  return output;
}

const verbs = {
  async call({ sdk, client }, call) {
    return { output: plain(await client.send(new sdk[`${call.operation}Command`](call.input))) };
  },
  async pages({ sdk, client }, call) {
    const pages = [];
    for await (const page of sdk[`paginate${call.operation}`]({ client, pageSize: call.pageSize }, call.input)) pages.push(plain(page));
    return { pages };
  },
  async wait({ sdk, client }, call) {
    const { state } = await sdk[`waitUntil${call.operation}`]({ client, maxWaitTime: 30 }, call.input);
    return { output: { state } };
  },
  async presign(_, call) {
    const url = new URL(endpoint);
    const signer = new SignatureV4({ service: call.service, region, credentials: credentials(call.keys), sha256: Sha256 });
    const request = {
      method: "GET", protocol: url.protocol, hostname: url.hostname, port: Number(url.port), path: "/", headers: { host: url.host },
      query: { Action: call.operation, Version: "2011-06-15" },
    };
    const signed = await signer.presign(request, { expiresIn: 60 });
    return { url: `${url.origin}/?${new URLSearchParams(signed.query)}` };
  },
};

class Sha256 {
  constructor(secret) {
    this.hash = secret ? createHmac("sha256", secret) : createHash("sha256");
  }
  update(data) {
    this.hash.update(data);
  }
  async digest() {
    return new Uint8Array(this.hash.digest());
  }
}

function failure(sdk, err) {
  const modeled = Boolean(sdk?.[err.name]) && err instanceof sdk[err.name];
  return { code: err.Code ?? err.Error?.Code ?? err.name, message: err.message, modeled, status: err.$metadata?.httpStatusCode ?? 0 };
}

for await (const line of createInterface({ input: process.stdin })) {
  const call = JSON.parse(line);
  const opened = await open(call);
  let answer;
  if (!opened.sdk || (call.do === "call" && !opened.sdk[`${call.operation}Command`])) {
    answer = { unknown: true };
  } else {
    try {
      answer = await verbs[call.do](opened, call);
    } catch (err) {
      answer = { error: failure(opened.sdk, err) };
    }
  }
  console.log(JSON.stringify(answer));
}
