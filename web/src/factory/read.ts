import type { Factory, Request } from "../api/factory";
import { type Found, found } from "../common/found";

const page = 500;
const most = 5000;

// readAll follows the pages of a list of requests, and gives the newest first: all, or as many as a page can search, which says so.
export async function readAll(factory: Factory, filter: Record<string, string>): Promise<Found<Request>> {
  const wanted = Object.fromEntries(Object.entries(filter).filter(([, v]) => v));
  const all: Request[] = [];
  for (let after = ""; ; ) {
    const { requests, next } = await factory.list({ ...wanted, order: "newest", limit: String(page), ...(after ? { after } : {}) });
    all.push(...requests);
    if (!next || all.length >= most) return found(all, !!next);
    after = String(next);
  }
}
