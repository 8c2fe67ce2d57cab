import { createContext, useContext } from "react";
import type { AWS } from "../api/aws";
import type { Factory } from "../api/factory";
import type { Session } from "../api/session";
import type { Twin } from "../api/twin";

// Place is where the reader works: an account opened with a role, in a Region.
export interface Place {
  session: Session;
  account: string;
  role: string;
  region: string;
  plain: boolean; // nobody's role is open: the reader is in the factory alone
  home: string; // Control Tower's home Region
  aws: AWS; // in the Region chosen
  factory: Factory;
  twin: Twin;
  href: (path: string, query?: Record<string, string>) => string; // of a page below this role's console
}

export const PlaceContext = createContext<Place | null>(null);

// usePlace gives the place, null on the portal.
export function usePlace(): Place | null {
  return useContext(PlaceContext);
}

// useHere is usePlace for pages that are only shown in a place.
export function useHere(): Place {
  const place = useContext(PlaceContext);
  if (!place) throw new Error("a console page outside of a console");
  return place;
}

export const SessionContext = createContext<Session | null>(null);

// useSession gives who is signed in.
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("nobody is signed in");
  return session;
}
