// Who asked is recorded by ARN, or by issuer and subject of a company's sign-in: exact, and hard to read.

// personText is the part of it that people know one another by.
export function personText(who: string): string {
  if (who.startsWith("oidc:")) return who.split("#").at(-1) || who;
  return who.split("/").at(-1) || who;
}

// roleOf names the role somebody came in, "" for those who had none.
function roleOf(who: string): string {
  const role = /:assumed-role\/([^/]+)\//.exec(who)?.[1] ?? "";
  return /^AWSReservedSSO_(.+)_[0-9a-f]+$/.exec(role)?.[1] ?? role;
}

// Person shows who asked, and all there is on record when pointed at.
export function Person({ who }: { who: string }) {
  const role = roleOf(who);
  return (
    <span title={who} className="af-words">
      {personText(who)}
      {role && ` as ${role}`}
    </span>
  );
}
