import { useLost } from "../api/connection";
import { usePlace, useSession } from "../common/place";
import { useNow } from "../common/now";
import { duration } from "../common/time";
import { accountText, roleText } from "../common/account";

// CloudBar says on every page whether what is done here is real, and whether the server answers.
export function CloudBar() {
  const session = useSession();
  const since = useLost();
  const now = useNow(since !== null);
  return (
    <section aria-label="Cloud and connection">
      {session.cloud === "twin" ? (
        <div className="af-cloud af-twin">
          <strong>TWIN</strong> <span>rehearsal: creates nothing in AWS</span>
          <Where />
        </div>
      ) : (
        <div className="af-cloud af-aws">
          <strong>AWS</strong> <span>{session.organizationId}, account {accountText(session.managementAccount)}: what is done here is real</span>
          <Where />
        </div>
      )}
      <div role="status" className={since === null ? "" : "af-lost"}>
        {since !== null && `Connection lost ${duration((now - since) / 1000)} ago. Trying again every second; what you see may be old.`}
      </div>
    </section>
  );
}

// Where says which role of which account is open, and the Region.
function Where() {
  const place = usePlace();
  if (!place) return null;
  return (
    <span className="af-where">
      {roleText(place)} @ {accountText(place.account)}, {place.region}
      {place.region === place.home && <span className="af-wide"> (home Region)</span>}
    </span>
  );
}
