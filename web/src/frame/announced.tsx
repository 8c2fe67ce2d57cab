import { useEffect, useRef, useState } from "react";
import { useAddress } from "../router/history";

const settled = 200; // milliseconds until a page has said its title

// Announced tells people who listen that another page is shown: the browser loads none, so nothing else would.
export function Announced() {
  const path = useAddress().pathname;
  const at = useRef(path);
  const [text, say] = useState("");
  useEffect(() => {
    if (at.current === path) return;
    at.current = path;
    const timer = setTimeout(() => say(document.title), settled);
    return () => clearTimeout(timer);
  }, [path]);
  return (
    <div aria-live="polite" className="af-unseen">
      {text}
    </div>
  );
}
