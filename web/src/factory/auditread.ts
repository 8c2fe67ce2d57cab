import type { AuditRow, Factory } from "../api/factory";
import { type Found, found } from "../common/found";

const page = 1000; // rows in a full answer
const most = 10_000;

// readNewest gives the audit log's newest rows, newest first. Rows are numbered without gaps and read oldest first, so the end of a long
// log is looked for by halves.
export async function readNewest(factory: Factory): Promise<Found<AuditRow>> {
  let rows = await factory.audit(0);
  let from = 0;
  if (rows.length === page) {
    const last = await end(factory);
    from = Math.max(0, last - most);
    rows = [];
    for (let after = from; after < last; after = rows.at(-1)!.number) {
      const next = await factory.audit(after);
      if (next.length === 0) break;
      rows.push(...next);
    }
  }
  return found(rows.reverse(), from > 0);
}

// end gives the number of the newest row of a log longer than a page.
async function end(factory: Factory): Promise<number> {
  let low = page; // there is a row of this number
  let high = 2 * page;
  for (let rows = await factory.audit(high); rows.length > 0; rows = await factory.audit(high)) {
    low = rows.at(-1)!.number;
    if (rows.length < page) return low;
    high = 2 * low;
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const rows = await factory.audit(middle);
    if (rows.length === 0) high = middle;
    else if (rows.length < page) return rows.at(-1)!.number;
    else low = rows.at(-1)!.number;
  }
  return low;
}
