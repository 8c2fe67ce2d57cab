import type { Factory, Request } from "../api/factory";

const page = 500;
const most = 5000;

// readAll follows the pages of a list of requests, and gives the newest first.
export async function readAll(factory: Factory, filter: Record<string, string>): Promise<Request[]> {
  const wanted = Object.fromEntries(Object.entries(filter).filter(([, v]) => v));
  const found: Request[] = [];
  for (let after = ""; ; ) {
    const { requests, next } = await factory.list({ ...wanted, order: "newest", limit: String(page), ...(after ? { after } : {}) });
    found.push(...requests);
    if (!next || found.length >= most) return found;
    after = String(next);
  }
}
