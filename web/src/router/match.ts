// What some parameters must be like, as they become part of addresses that are called: an account or a role that AWS could not have
// is no page of ours. Else a link could have the reader's browser call what its maker chose.
const shapes: Record<string, RegExp> = {
  account: /^\d{12}$/,
  role: /^(?!\.{1,2}$)[\w+=,.@-]{1,64}$/,
};

// match reads the parameters of a path by a pattern such as "/products/:id", or gives null when it is not of that pattern.
export function match(pattern: string, path: string): Record<string, string> | null {
  const want = pattern.split("/").filter(Boolean);
  const got = path.split("/").filter(Boolean);
  if (want.length !== got.length) return null;
  const found: Record<string, string> = {};
  for (const [i, part] of want.entries()) {
    const value = got[i] ?? "";
    if (part.startsWith(":")) {
      const text = decoded(value);
      const name = part.slice(1);
      if (text === null || shapes[name]?.test(text) === false) return null;
      found[name] = text;
    } else if (part !== value) return null;
  }
  return found;
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null; // not an address we ever made
  }
}
